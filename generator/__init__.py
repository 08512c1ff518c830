"""noclip: Backrooms Level 0 from one seed.

    Scene ─► Floorplan ─► Level ─► Lightmap ─► radiance image ─► video signal ─► tape ─► PNG / MP4
    (TOML)   (maze)       (mesh)   (bake)      (camera)          (camcorder)     (VHS)
                            └──────────┴─────► GLB for Blender, map

Each stage is one verb that takes nouns and returns a new noun; no stage reaches back.

=========  ==========================================  ==========================
stage      verb                                        where
=========  ==========================================  ==========================
scene      ``load_scene(name) -> Scene``               ``generator.scene``
plan       ``floorplan(scene, seed, chunks)``          ``generator.plan``
geometry   ``build(floorplan, scene, seed) -> Level``  ``generator.geometry``
surface    ``materials(scene, seed)``                  ``generator.surface``
light      ``bake(level, settings) -> Lightmap``       ``generator.light``
render     ``render(level, lightmap, pose, lens)``     ``generator.render``
camera     ``shoot(radiance, settings)``               ``generator.camera``
tape       ``record(video, settings)``                 ``generator.tape``
export     ``export_glb(level, ...)``                  ``generator.export``
=========  ==========================================  ==========================

Conventions: Z up, right-handed, metres, radians, seconds, hertz, linear Rec.709 radiance in W·sr⁻¹·m⁻².
"""

__version__ = "0.1.0"
