"""noclip: Backrooms Level 0 from one seed.

    Scene ─► Floorplan ─► Level ─► Lightmap ─► radiance image ─► video signal ─► tape ─► PNG / MP4
    (TOML)   (maze)       (mesh)   (bake)      (camera)          (camcorder)     (VHS)
                            └──────────┴─────► GLB for Blender, map

Each stage is one verb, or two, that takes nouns and returns a new noun; no stage reaches back. What a
place decides (its plan, its set, its surfaces) is asked through ``places.verbs``. Arguments without a default:

========  =======================================================================  ==========================
stage     verb                                                                     module
========  =======================================================================  ==========================
scene     ``load_scene() -> Scene``                                                ``generator.scene``
plan      ``floorplan(scene, seed, chunks) -> Floorplan``                          ``generator.places.verbs``
geometry  ``build(plan, scene, seed) -> Level``                                    ``generator.places.verbs``
surface   ``materials(names, scene)``                                              ``generator.places.verbs``
          ``patina(mesh, level, seed, pitch_m) -> Patina``                         ``generator.surface``
light     ``bake(level, settings, albedo) -> Lightmap``                            ``generator.light``
render    ``open_renderer(kind, level, lightmap, patina, materials) -> Renderer``  ``generator.render``
          ``Renderer.draw(pose, lens, size) -> Picture``                           ``generator.render``
camera    ``settled_state(radiance, settings) -> State``                           ``generator.camera``
          ``shoot(radiance, settings, state, seed, frame_index)``                  ``generator.camera``
tape      ``record(video, settings, seed, frame_index)``                           ``generator.tape``
          ``tape_file(source, target, treatment)``                                 ``generator.tape``
sound     ``soundtrack(heard, settings, seed)``                                    ``generator.sound``
export    ``export_region(scene, region, path)``                                   ``generator.export``
all       ``make_still(request, progress) -> Still``                               ``generator.still``
          ``make_stills(takes, count, progress, workers)``                         ``generator.stills``
          ``make_film(request, out, progress)``                                    ``generator.film``
========  =======================================================================  ==========================

Conventions: Z up, right-handed, metres, radians, seconds, hertz, linear Rec.709 radiance in W·sr⁻¹·m⁻².
"""

__version__ = "0.2.0"


def _keep_kernels() -> None:
    """Tell Numba, before anything imports it, how to know whether a kept kernel is that of the code, and where to keep
    kernels where it would not find a place by itself."""
    import os
    import sys
    from pathlib import Path

    from .kernel_folder import LOCATORS, VARIABLE, locators, settle

    os.environ[LOCATORS] = locators(os.environ.get(LOCATORS))
    if config := sys.modules.get("numba.core.config"):
        config.CACHE_LOCATOR_CLASSES = os.environ[LOCATORS]  # type: ignore[attr-defined]
    folder = settle(Path(__file__).parent, os.environ)
    if folder is not None:
        os.environ[VARIABLE] = folder


_keep_kernels()
