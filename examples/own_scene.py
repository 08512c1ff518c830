"""Draw a scene of one's own and photograph it, stage by stage: what ``noclip map`` and ``noclip still`` do.

python examples/own_scene.py waiting-room
noclip still examples/own_scene.toml -o waiting-room/still.png      # much the same, from the command line
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
from PIL import Image

from generator.camera import Lens, Pose, settled_state, shoot
from generator.geometry import expand
from generator.light import bake
from generator.places.verbs import build, floorplan, materials
from generator.plan import draw_map
from generator.render import open_renderer
from generator.scene import load_scene
from generator.surface import patina
from generator.tape import record

SCENE = Path(__file__).with_name("own_scene.toml")
CHUNKS = (0, 0, 1, 1)
"""One chunk of the world, 39 x 39 m, holds the room."""
EYE_M = 1.6


def main(folder: Path, *settings: str) -> None:
    """Write plan.svg and frame.png into a folder; each setting is SECTION.KEY=VALUE, as after --set."""
    scene = load_scene(str(SCENE), settings)
    folder.mkdir(parents=True, exist_ok=True)

    plan = floorplan(scene, scene.seed, CHUNKS)
    draw_map(plan, folder / "plan.svg")

    level = build(plan, scene, scene.seed)
    stuff = materials(level.materials, scene, texture_px=512)
    albedo = np.array([material.mean_albedo for material in stuff])
    lightmap = bake(level, scene.light, albedo, scene.render.quality)
    mesh = expand(level)[0]
    worn = patina(mesh, level, scene.seed, np.full(len(mesh.chart_origin), 0.05))

    (x, y), view = scene.view.at, scene.view
    angles = np.radians([view.yaw_deg, view.pitch_deg, view.roll_deg])
    pose, lens = Pose((0, 0), (x, y, EYE_M), *angles), Lens(float(np.radians(scene.camera.fov_deg)))
    size = scene.render.width_px, scene.render.height_px
    with open_renderer(scene.render.renderer, level, lightmap, worn, stuff, scene.render.quality) as renderer:
        radiance = renderer.draw(pose, lens, size).radiance

    state = settled_state(radiance, scene.camera, level.lamps.radiance.mean(axis=0))
    video = shoot(radiance, scene.camera, state, scene.seed, 0)
    Image.fromarray(record(video, scene.tape, scene.seed, 0)).save(folder / "frame.png")


if __name__ == "__main__":
    main(Path(sys.argv[1]), *sys.argv[2:])
