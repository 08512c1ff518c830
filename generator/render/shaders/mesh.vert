#version 410 core
// A level's vertex: places it relative to the eye and looks up what belongs to its chart and lamp.

layout(location = 0) in vec3 position;   // metres from the level's origin
layout(location = 1) in vec3 normal;     // of the surface, turning from corner to corner where it is round
layout(location = 2) in vec4 tangent;    // along texture u; w: normal x tangent runs along v
layout(location = 3) in vec2 texture_uv; // periods, v downwards
layout(location = 4) in vec2 chart_uv;   // 0..1
layout(location = 5) in vec4 ids;        // chart, lamp or -1, facet + 1

uniform vec3 eye;
uniform mat4 clip_from_world;            // of points relative to the eye
uniform sampler2D chart_table;           // two texels a chart: light, patina
uniform sampler2D weight_table;          // flicker weights of each chart
uniform sampler2D lamp_table;            // radiance of each lens now

invariant gl_Position;

out vec2 texture_at;
out vec2 chart_at;
out vec3 from_eye;
flat out vec4 light_rect;
flat out vec4 patina_rect;
flat out vec3 weight;
flat out vec3 emitted;
out vec3 surface_normal;
flat out vec4 facet_tangent;
flat out float facet;

vec4 row(sampler2D table, int k) {
    int width = textureSize(table, 0).x;
    return texelFetch(table, ivec2(k % width, k / width), 0);
}

void main() {
    int chart = int(ids.x);
    int lamp = int(ids.y);
    light_rect = row(chart_table, 2 * chart);
    patina_rect = row(chart_table, 2 * chart + 1);
    weight = row(weight_table, chart).rgb;
    emitted = lamp < 0 ? vec3(0.0) : row(lamp_table, lamp).rgb;
    texture_at = texture_uv;
    chart_at = chart_uv;
    surface_normal = normal;
    facet_tangent = tangent;
    facet = ids.z;
    from_eye = position - eye;
    gl_Position = clip_from_world * vec4(from_eye, 1.0);
}
