#version 410 core
// Radiance of a surface: what shade.py does for the Embree renderer. The filter is stated in filter.py.
// Loops end with their condition, and no branch stands about a look-up that most pixels pass by: llvmpipe runs a branch
// that no pixel takes and a loop's body once more after its last turn, masked, at full price.

in vec2 texture_at;
in vec2 chart_at;
in vec3 from_eye;
flat in vec4 light_rect;
flat in vec4 patina_rect;
flat in vec3 weight;
flat in vec3 emitted;
in vec3 surface_normal;
flat in vec4 facet_tangent;
flat in float facet;

uniform sampler2D albedo_map;
uniform sampler2D emission_map;
uniform sampler2D relief_map;
uniform sampler2D light_map;             // LIGHT_LAYERS one below the other: the steady light, then the flicker
uniform sampler2D patina_map;
uniform float emission_peak;
uniform float specular;
uniform float metallic;
uniform vec3 lamp_position;              // from the eye
uniform vec3 lamp_axis;
uniform vec3 lamp_intensity;
uniform vec3 lamp_cone;                  // cosines of inner and outer angle, vignetting exponent
uniform vec3 lamp_spot;                  // flood, where the hot spot is half as bright, rim
uniform float lamp_rim_at;
uniform sampler2D reaches_map;           // share of the lamp's light that reaches each pixel

out vec4 radiance;                       // fourth: the facet's index + 1, for the edges

const float PI = 3.14159265358979;

vec4 filtered(sampler2D map, int most) {
    vec2 size = vec2(textureSize(map, 0));
    vec2 dx = dFdx(texture_at) * size, dy = dFdy(texture_at) * size;
    float uu = dx.x * dx.x + dy.x * dy.x;
    float uv = dx.x * dx.y + dy.x * dy.y;
    float vv = dx.y * dx.y + dy.y * dy.y;
    float root = sqrt((uu - vv) * (uu - vv) + 4.0 * uv * uv);
    float major2 = max(0.5 * (uu + vv + root), 1e-12);
    float minor2 = max(0.5 * (uu + vv - root), 1e-12);
    int taps = min(int(ceil(sqrt(major2 / minor2) / TAP_SPACING - 1e-3)), most);
    taps = max(taps, 1);
    float reach = TAP_SPACING * float(taps);
    float lod = max(0.5 * log2(max(minor2, major2 / (reach * reach))) + LOD_BIAS, 0.0);
    lod = floor(lod) + clamp(2.0 * fract(lod) - 0.5, 0.0, 1.0);
    vec2 axis = vv > uu ? vec2(uv, major2 - uu) : vec2(major2 - vv, uv);
    vec2 stride = axis * (sqrt(major2 / max(dot(axis, axis), 1e-30)) / float(taps)) / size;
    vec2 at = texture_at - 0.5 * float(taps - 1) * stride;
    vec4 sum = vec4(0.0);
    int i = 0;
    do sum += textureLod(map, at + float(i) * stride, lod); while (++i < taps);
    return sum / float(taps);
}

vec2 atlas_place(vec4 rect, vec2 size) { return (rect.xy + clamp(chart_at, 0.0, 1.0) * rect.zw) / size; }

vec3 bent_normal(vec4 relief) {
    vec3 n = normalize(surface_normal);
    vec3 side = facet_tangent.w * cross(n, facet_tangent.xyz);
    vec3 dent = 2.0 * relief.xyz - 1.0;
    return normalize(dent.x * facet_tangent.xyz + dent.y * side + dent.z * n);
}

// GGX with Smith's height-correlated shadowing and Schlick's Fresnel, times the cosine.
vec3 lobe(float nl, float nv, float nh, float vh, float alpha, vec3 f0) {
    float a2 = alpha * alpha;
    float spread = nh * nh * (a2 - 1.0) + 1.0;
    float shade = nl * sqrt(nv * nv * (1.0 - a2) + a2) + nv * sqrt(nl * nl * (1.0 - a2) + a2);
    return a2 / (PI * spread * spread) * 0.5 / max(shade, 1e-6) * nl * (f0 + (1.0 - f0) * pow(1.0 - vh, 5.0));
}

vec3 lit_by_beam(vec3 n, vec3 albedo, float roughness, float wet) {
    vec3 way = lamp_position - from_eye;
    float far2 = max(dot(way, way), 1e-4);
    vec3 l = way * inversesqrt(far2);
    float axial = -dot(l, lamp_axis);
    float nl = dot(l, n);
    if (axial <= lamp_cone.y || nl <= 0.0) return vec3(0.0);
    float cone = min((axial - lamp_cone.y) / max(lamp_cone.x - lamp_cone.y, 1e-6), 1.0);
    float off = 1.0 - axial;
    float hot = off / lamp_spot.y, rim = (off - lamp_rim_at) / RIM_WIDE;
    float shape = lamp_spot.x + (1.0 - lamp_spot.x) / (1.0 + hot * hot)
        + lamp_spot.z / ((1.0 + rim * rim) * (1.0 + rim * rim));
    float power = cone * cone * (3.0 - 2.0 * cone) * pow(axial, lamp_cone.z) * shape / far2;
    power *= texelFetch(reaches_map, ivec2(gl_FragCoord.xy), 0).r;
    vec3 v = -normalize(from_eye);
    vec3 h = l + v;
    h *= inversesqrt(max(dot(h, h), 1e-12));
    float rough = max(mix(roughness, WATER_ROUGHNESS, wet), 0.05);
    vec3 f0 = metallic > 0.0 ? albedo : vec3(max(specular, WATER_F0 * wet));
    vec3 gloss = vec3(0.0);
    if (f0.g > 0.0)
        gloss = lobe(nl, max(dot(v, n), 1e-3), clamp(dot(h, n), 0.0, 1.0), clamp(dot(h, v), 0.0, 1.0),
                     rough * rough, f0);
    return power * lamp_intensity * (albedo * ((1.0 - metallic) * nl / PI) + gloss);
}

// What a lean does to a pile: stated in pile.py; its code in lay.py.
float swept(float code) {
    float lean = min(2.0 / LAID * code - 1.0, max((WET - code) / (WET - LAID), 0.0));
    vec2 lay = vec2(PILE_LAY_X, PILE_LAY_Y);
    return 1.0 - PILE_LEAN * lean * dot(from_eye.xy, lay) * inversesqrt(dot(from_eye, from_eye));
}

// What a slant does to a pile: stated in pile.py.
float slant(float gap) {
    float cosine = abs(dot(surface_normal, from_eye)) * inversesqrt(dot(from_eye, from_eye));
    float graze = (1.0 - cosine) * (1.0 - cosine);
    return 1.0 + PILE_SHEEN * (graze * graze - MEAN_SHEEN) + PILE_DEPTH * (MEAN_COSINE - cosine) * gap;
}

void main() {
    vec3 light = vec3(0.0);
    if (light_rect.z >= 0.0) {
        vec2 at = atlas_place(light_rect, vec2(textureSize(light_map, 0)));
        vec4 share = vec4(1.0, weight);
        int layers = weight.z > 0.0 ? 4 : weight.y > 0.0 ? 3 : weight.x > 0.0 ? 2 : 1;
        int k = 0;
        do light += share[k] * texture(light_map, at + vec2(0.0, float(k) / LIGHT_LAYERS)).rgb; while (++k < layers);
    }
    vec4 paint = filtered(albedo_map, MAX_TAPS);
    vec3 albedo = paint.rgb;
#if HAS_PILE
    albedo *= slant(paint.a);
#endif
    float wet = 0.0;
    if (patina_rect.z >= 0.0) {
        vec4 factor = texture(patina_map, atlas_place(patina_rect, vec2(textureSize(patina_map, 0))));
        albedo *= factor.rgb * (255.0 / 200.0);
#if HAS_PILE
        albedo *= swept(255.0 * factor.a);
#endif
        wet = max(255.0 * factor.a - WET, 0.0) / (255.0 - WET);
    }
    vec3 sum = albedo * light;
#if HAS_EMISSION
    sum += filtered(emission_map, MAX_TAPS).rgb * emission_peak * emitted;
#endif
#if BEAM_ON
    vec4 relief = filtered(relief_map, 1);
    sum += lit_by_beam(bent_normal(relief), albedo, relief.a, wet);
#endif
    radiance = vec4(sum, facet);
}
