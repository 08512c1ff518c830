"""``noclip film``: a walk, from a scene to a video file or a folder of frames."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ..errors import NoclipError
from ..files import check_writable
from . import options, parse, report

if TYPE_CHECKING:
    from ..camera.script import Script
    from ..camera.track import Track
    from ..film.request import Deliver, Form
    from ..passes.catalogue import Rate
    from ..scene import Scene
    from ..video.codecs import Codec

FILES: tuple[Form, ...] = ("mp4", "mov", "mkv")
DELIVERIES: tuple[Deliver, ...] = ("59.94p", "29.97p", "interlaced")
RATES: tuple[Rate, ...] = ("frames", "fields")
FRAME_HZ = 30000 / 1001


def film(
    scene: options.Source = "level0",
    seed: options.Seed = None,
    seconds: Annotated[float | None, typer.Option(metavar="S", help="Length; else the shot's or scene's.")] = None,
    frames: Annotated[str | None, typer.Option(metavar="A:B", help="Frames from A up to B of the shot.")] = None,
    start: Annotated[str | None, typer.Option("--from", metavar="X,Y", help="Where to begin, metres.")] = None,
    goal: Annotated[str | None, typer.Option("--to", metavar="X,Y", help="Where to walk, metres; else chosen.")] = None,
    shot: Annotated[str | None, typer.Option(metavar="FILE.toml", help="What happens: beats, or a path.")] = None,
    camera_file: options.CameraFile = None,
    camera_origin: options.CameraOrigin = None,
    hands: Annotated[bool, typer.Option("--hands", help="The camera file's camera is held in hands.")] = False,
    size: options.Size = None,
    renderer: options.RendererName = None,
    camera: options.CameraName = None,
    tape: options.TapeName = None,
    clean: options.Clean = False,
    quality: options.QualityName = None,
    passes: options.Passes = None,
    passes_rate: Annotated[
        str, typer.Option("--passes-rate", metavar="WHAT", help="frames: 29.97 a second; fields: 59.94.")
    ] = "frames",
    passes_distorted: options.PassesDistorted = False,
    passes_float: options.PassesFloat = False,
    passes_levels: options.PassesLevels = 2,
    deliver: Annotated[str | None, typer.Option(metavar="WHAT", help="59.94p, 29.97p or interlaced.")] = None,
    codec: options.CodecName = None,
    workers: options.Workers = None,
    cluster: options.Cluster = None,
    resume: Annotated[bool, typer.Option("--resume", help="Finish what was begun.")] = False,
    silent: Annotated[bool, typer.Option("--silent", help="No sound.")] = False,
    times: Annotated[bool, typer.Option("--times", help="Say what each stage cost.")] = False,
    settings: options.Settings = None,
    out: Annotated[
        str, typer.Option("-o", "--out", metavar="OUT", help="A name ending in .mp4, .mov or .mkv, or a folder.")
    ] = "film.mp4",
) -> None:
    """Film a walk through a scene."""
    with report.starting():
        from ..camera.script import LONGEST_S
        from ..camera.track import frame_count
        from ..scene import load_scene

    form, rate = form_of(out), _pass_rate(passes, passes_rate)
    wanted = options.passes(passes, True, passes_distorted, passes_float, passes_levels)
    given = options.picture(size, renderer, quality, camera, tape) | {"seed": seed, "film.seconds": seconds}
    place, aim = (parse.place(text, option) if text else None for text, option in ((start, "--from"), (goal, "--to")))
    progress = report.progress()
    processes = options.worker_count(workers, progress)
    if seconds is not None and frames is not None:
        raise NoclipError("give --seconds or --frames, not both")
    against = {"--shot": shot, "--from": start, "--to": goal}
    track = options.camera_track(camera_file, camera_origin, {"--hands": hands}, against)
    asked = load_scene(scene, options.overrides(settings, given))
    if track is not None:
        asked = _framed(asked, track)
    script = script_for(asked, shot)
    own = shot is not None and seconds is None and script.seconds < LONGEST_S
    length = script.seconds if own else asked.film.seconds
    whole = range(max(round(length * FRAME_HZ), 1))
    if track is not None and seconds is None and len(track.time_s) > 1:
        whole = range(frame_count(track))
    span = parse.span("--frames", frames) if frames else whole
    check_writable(Path(out)) if form != "folder" else _check_folder(Path(out))

    from ..film import FilmRequest, make_film

    delivery = _delivery(deliver, form)
    coded = _codec(codec, form, delivery)
    request = FilmRequest(
        asked, script, span.start, span.stop, form, delivery, place, aim, clean, silent, coded, wanted, rate,
        track, hands,
    )  # fmt: skip
    spent = make_film(request, Path(out), progress, processes, cluster, resume)
    typer.echo(out)
    if times:
        for stage, cost in sorted(spent.items()):
            typer.echo(f"{stage:<12}{1e3 * cost / len(span) / 2:7.2f} core-ms a field", err=True)


def form_of(out: str) -> Form:
    """mp4, mov, mkv or folder, by a name's ending.

    Raises NoclipError for another ending.
    """
    ending = Path(out).suffix.lower()
    for form in FILES:
        if ending == f".{form}":
            return form
    if ending and not Path(out).is_dir():
        raise NoclipError(f"-o {out!r}: the name must end in .mp4, .mov or .mkv, or be a folder's, without an ending")
    return "folder"


def _pass_rate(passes: str | None, text: str) -> Rate:
    rate = parse.choice("--passes-rate", text, RATES)
    if passes is None and rate != RATES[0]:
        raise NoclipError(f"--passes-rate {text}: there are no passes; name them with --passes")
    return rate


def _framed(scene: Scene, track: Track) -> Scene:
    """A scene whose lens is as wide as a track's widest."""
    from ..video.fields import pixel_aspect

    size = scene.render.width_px, scene.render.height_px
    return options.framed(scene, track, float(pixel_aspect(size)))


def _codec(name: str | None, form: Form, delivery: Deliver) -> Codec:
    from ..video.codecs import codec_of

    if form == "folder":
        if name is not None:
            raise NoclipError(f"--codec {name}: a folder holds PNG pictures; leave it out, or name a file")
        return "h264"
    return codec_of(name, f".{form}", delivery == "interlaced")


def _delivery(text: str | None, form: Form) -> Deliver:
    if text is None:
        return "interlaced" if form == "folder" else "59.94p"
    return parse.choice("--deliver", text, DELIVERIES)


def _check_folder(out: Path) -> None:
    if not out.parent.is_dir() or (out.exists() and not out.is_dir()):
        raise NoclipError(f"{out}: cannot be a folder here; give a new name in a folder that exists")


def script_for(scene: Scene, shot: str | None) -> Script:
    """Read the script of a shot file; the scene's own where there is none."""
    from ..camera.script import read_script, script_of

    return read_script(Path(shot)) if shot else script_of(scene.film, scene.seed)
