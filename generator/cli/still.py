"""``noclip still``: one frame, from a scene to a PNG."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import repeat
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ..errors import NoclipError
from ..files import check_writable
from . import options, parse, report

if TYPE_CHECKING:
    from ..camera.track import Track
    from ..progress import Progress
    from ..scene import Scene
    from ..still import Only, StillRequest, Taken
    from ..stills import Failure, Take


def still(
    scene: options.Source = "level0",
    seed: options.Seed = None,
    seeds: Annotated[str | None, typer.Option(metavar="A:B", help="A picture for each seed from A up to B.")] = None,
    at: Annotated[str | None, typer.Option(metavar="X,Y", help="Where to stand, metres; else chosen.")] = None,
    yaw: Annotated[float | None, typer.Option(metavar="DEG", help="0 east, 90 north; else chosen.")] = None,
    pitch: Annotated[float | None, typer.Option(metavar="DEG", help="Up is positive; else chosen.")] = None,
    roll: Annotated[float | None, typer.Option(metavar="DEG", help="Clockwise is positive; else chosen.")] = None,
    fov: Annotated[float | None, typer.Option(metavar="DEG", help="Field of view across the picture.")] = None,
    size: options.Size = None,
    renderer: options.RendererName = None,
    camera: options.CameraName = None,
    tape: options.TapeName = None,
    clean: options.Clean = False,
    only: Annotated[
        str | None, typer.Option(metavar="PART", help="One part: direct, bounce, albedo, normal or texels.")
    ] = None,
    quality: options.QualityName = None,
    radiance: Annotated[
        str | None, typer.Option(metavar="FILE.npy", help="Also write the radiance before the camera.")
    ] = None,
    camera_file: options.CameraFile = None,
    camera_origin: options.CameraOrigin = None,
    camera_frame: Annotated[
        int | None, typer.Option("--camera-frame", metavar="N", help="Which of a camera file's frames, from 0.")
    ] = None,
    passes: options.Passes = None,
    passes_distorted: options.PassesDistorted = False,
    passes_float: options.PassesFloat = False,
    passes_levels: options.PassesLevels = 2,
    passes_out: Annotated[
        str | None, typer.Option("--passes-out", metavar="FILE.exr", help="Where passes go; else beside the picture.")
    ] = None,
    views: options.Views = 1,
    workers: options.Workers = None,
    cluster: options.Cluster = None,
    settings: options.Settings = None,
    out: Annotated[
        str | None, typer.Option("-o", "--out", metavar="FILE", help="{scene}, {seed} and {view} are filled in.")
    ] = None,
) -> None:
    """Take one frame of a scene, or a batch: each of several seeds, and several views of each.

    Of a batch, what is on disk is not made again.
    """
    with report.starting():
        from ..camera.temper import mishaps_allowed
        from ..scene import load_scene
        from ..stills import Take

    if seed is not None and seeds is not None:
        raise NoclipError("give --seed or --seeds, not both")
    given = options.picture(size, renderer, quality, camera, tape) | {
        "camera.fov_deg": fov,
        "view.at": list(parse.place(at)) if at else None,
        "view.yaw_deg": yaw,
        "view.pitch_deg": pitch,
        "view.roll_deg": roll,
        "seed": seed,
    }
    against = {"--at": at, "--yaw": yaw, "--pitch": pitch, "--roll": roll, "--fov": fov, "--seeds": seeds}
    again = Path(scene).suffix.lower() == ".png"
    if camera_file is not None and (views > 1 or again):
        raise NoclipError("--camera-file: it says where the camera is; give neither --view-per-seed nor a picture")
    track = options.camera_track(camera_file, camera_origin, {"--camera-frame": camera_frame is not None}, against)
    first = load_scene(scene, options.overrides(settings, given))
    taken = None
    if track is not None:
        taken = _taken_by(track, camera_frame or 0, first)
        first = options.framed(first, track, 1.0, camera_frame or 0)
    numbers = range(first.seed, first.seed + 1) if seeds is None else parse.seeds("--seeds", seeds)
    fixed = first.view.at is not None and first.view.yaw_deg is not None
    if views > 1 and (fixed or again):
        raise NoclipError(f"--view-per-seed {views}: place and direction are given, so there is one view; give neither")
    progress = report.progress()
    processes = options.worker_count(workers, progress)
    out = out or ("{scene}_{seed}.png" if views == 1 else "{scene}_{seed}_{view}.png")
    pictures = outputs("-o", out, ".png", scene, numbers, views)
    arrays = outputs("--radiance", radiance, ".npy", scene, numbers, views) if radiance else []
    from ..still import part_of

    part = part_of(only)
    moves = taken is not None and taken.beside is not None
    wanted = options.passes(passes, moves, passes_distorted, passes_float, passes_levels)
    if wanted is None and passes_out is not None:
        raise NoclipError(f"--passes-out {passes_out}: there are no passes; name them with --passes")
    exrs = passes_out or str(Path(out).with_suffix(".exr"))
    layers = outputs("--passes-out", exrs, ".exr", scene, numbers, views) if wanted is not None else []
    shot_by = first.camera if seeds is None else mishaps_allowed(first.camera)
    asked = (
        replace(request_of(scene, one, clean, part, taken), view=view, passes=wanted)
        for one in (first.model_copy(update={"seed": number, "camera": shot_by}) for number in numbers)
        for view in range(views)
    )
    if len(pictures) == 1:
        _take(Take(next(asked), pictures[0], *(paths[0] if paths else None for paths in (arrays, layers))), progress)
    else:
        takes = map(Take, asked, pictures, arrays or repeat(None), layers or repeat(None))
        _take_all(takes, len(pictures), progress, processes, cluster)


def outputs(option: str, pattern: str, ending: str, scene: str, seeds: Sequence[int], views: int = 1) -> list[Path]:
    """The file for each view of each seed, after making sure that all of them can be written.

    Raises NoclipError: another ending, several pictures in one file, or a folder that cannot be written.
    """
    if not pattern.lower().endswith(ending):
        raise NoclipError(f"{option} {pattern!r}: the name must end in {ending}")
    named = pattern.replace("{scene}", Path(scene).stem)
    names = [named.replace("{seed}", str(seed)).replace("{view}", str(v)) for seed in seeds for v in range(views)]
    if len(set(names)) < len(names):
        missing = "seed" if len(seeds) > 1 and "{seed}" not in pattern else "view"
        raise NoclipError(f"{option} {pattern!r}: several {missing}s would write one file; "
                          f"put {{{missing}}} into the name")  # fmt: skip
    paths = [Path(name) for name in names]
    longest = {path.parent: path for path in sorted(paths, key=lambda path: len(path.name))}
    for path in {*longest.values(), *(path for path in paths if path.is_dir())}:
        check_writable(path)
    return paths


def _taken_by(track: Track, frame: int, scene: Scene) -> Taken:
    """The camera of one of a track's keys, and of the fields about it.

    Raises NoclipError for a frame that there is not.
    """
    import numpy as np

    from ..camera.shot import FIELD_S
    from ..camera.track import moments, pose_in
    from ..still import Taken

    if not 0 <= frame < len(track.time_s):
        raise NoclipError(f"--camera-frame {frame}: the camera file's frames are 0 to {len(track.time_s) - 1}")
    size = scene.render.width_px, scene.render.height_px
    now = track.time_s[frame] - track.time_s[0]
    where = moments(track, np.array([now, now + FIELD_S, now - FIELD_S]), size[0] / size[1])
    poses = [(pose_in(where, k), float(where.fov[k])) for k in range(3)]
    return Taken(poses[0][0], (poses[1], poses[2]) if len(track.time_s) > 1 else None)


def request_of(name: str, scene: Scene, clean: bool, only: Only | None, taken: Taken | None = None) -> StillRequest:
    """A request for a scene's picture; where the scene came from a picture, for that one.

    taken: by a camera of one's own.
    """
    from ..camera.choose import Wish
    from ..recipe import read_recipe
    from ..still import StillRequest, request_from

    if Path(name).suffix.lower() == ".png":
        recipe = read_recipe(Path(name))
        try:
            return request_from(recipe, scene, clean, only)
        except NoclipError as error:
            raise NoclipError(f"{name}: {error}") from None
    if taken is not None:
        return StillRequest(scene, Wish(), taken.pose, clean, only, beside=taken.beside)
    return StillRequest(scene, clean=clean, only=only)


def _take(asked: Take, progress: Progress) -> None:
    """Make and write one picture; the paths of its files go to standard output."""
    from ..still import make_still, save_passes, save_png, save_radiance

    taken = make_still(asked.request, progress)
    save_png(taken, asked.picture)
    typer.echo(asked.picture)
    if asked.radiance is not None:
        save_radiance(taken, asked.radiance)
        typer.echo(asked.radiance)
    if asked.passes is not None and taken.passes is not None:
        started = time.perf_counter()
        save_passes(taken, asked.passes)
        typer.echo(asked.passes)
        took = time.perf_counter() - started
        progress.tell("write", took, f"{taken.passes.size_bytes / took / 1e6:.0f} MB/s of passes")


def _take_all(takes: Iterable[Take], count: int, progress: Progress, workers: int, cluster: str | None) -> None:
    """Make and write those pictures of a batch that are missing; the paths of all files go to standard output."""
    from ..stills import make_stills

    failed = make_stills(takes, count, progress, workers, cluster, lambda t: typer.echo("\n".join(map(str, t.files))))
    check_failures(failed, count)


def check_failures(failed: Sequence[Failure], count: int) -> None:
    """Raise NoclipError, which names the first of the pictures that failed; each has had its line."""
    if failed:
        raise NoclipError(f"{len(failed)} of {count} pictures failed, {failed[0].picture} the first; "
                          "the same command tries them again")  # fmt: skip
