// Draw what shares a mesh in a set of `noclip export` in one call each, instead of one for every node.
import * as THREE from "three";

export function instanced(root) {
  root.updateMatrixWorld(true);
  const alike = new Map();
  root.traverse((mesh) => {
    if (!mesh.isMesh) return;
    const key = `${mesh.geometry.uuid} ${mesh.material.uuid}`;
    alike.set(key, [...(alike.get(key) ?? []), mesh]);
  });
  const toRoot = root.matrixWorld.clone().invert();
  for (const meshes of alike.values()) {
    if (meshes.length < 2) continue;
    const copies = new THREE.InstancedMesh(meshes[0].geometry, meshes[0].material, meshes.length);
    meshes.forEach((mesh, k) => copies.setMatrixAt(k, mesh.matrixWorld.clone().premultiply(toRoot)));
    meshes.forEach((mesh) => mesh.removeFromParent());
    root.add(copies);
  }
  return root;
}
