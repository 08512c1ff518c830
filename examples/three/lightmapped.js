// Load a file of `noclip export --profile lightmapped`, and show it as its camera does.
import * as THREE from "three";
import { GLTFLoader } from "three/addons/loaders/GLTFLoader.js";

export async function loadLightmapped(url, renderer) {
  const gltf = await new GLTFLoader().loadAsync(url);
  const { exposure_per_nit: exposure, white, knee } = gltf.scene.userData;
  const materials = new Set();
  gltf.scene.traverse(({ material }) => material && materials.add(material));
  for (const material of materials) {
    const map = material.userData.gltfExtensions?.MOZ_lightmap;
    if (!map) continue;
    material.lightMap = (await gltf.parser.getDependency("texture", map.index)).clone();
    Object.assign(material.lightMap, { channel: map.texCoord, colorSpace: THREE.SRGBColorSpace });
    material.lightMapIntensity = map.intensity;
  }
  // The camera: exposure and white, the highlights' knee, BT.709's curve, and sRGB's undone, which follows.
  THREE.ShaderChunk.tonemapping_pars_fragment = THREE.ShaderChunk.tonemapping_pars_fragment.replace(
    "vec3 CustomToneMapping( vec3 color ) { return color; }",
    `vec3 CustomToneMapping(vec3 c) {
      c *= vec3(${white.map((w) => (w * exposure).toExponential(6))});
      c = mix(c, min(${knee[0].toFixed(6)} + ${knee[1].toFixed(6)} * (c - ${knee[0].toFixed(6)}), vec3(${knee[2].toFixed(6)})), step(${knee[0].toFixed(6)}, c));
      c = clamp(mix(4.5 * c, 1.099 * pow(c, vec3(0.45)) - 0.099, step(0.018, c)), 0.0, 1.0);
      return mix(c / 12.92, pow((c + 0.055) / 1.055, vec3(2.4)), step(0.04045, c)); }`);
  renderer.toneMapping = THREE.CustomToneMapping;
  return gltf;
}
