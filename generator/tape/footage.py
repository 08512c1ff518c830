"""Any footage through the tape: a picture, a folder of pictures, or a video with its sound."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ..errors import NoclipError, shown
from ..files import check_writable, whole
from ..video.animation import Animation
from ..video.codecs import Codec, codec_of
from ..video.fields import Picture
from ..video.pictures import PICTURES, WRITABLE_PICTURES, encoded, is_animated, read_picture
from ..video.sequence import frames_of, gaps
from ..video.sound import RATE_HZ, Sound
from ..video.source import Say, VideoSource
from ..video.target import WRITABLE_VIDEOS, VideoTarget
from .foreign import Treatment, through, watch

Progress = Callable[[int, int], None]


def tape_file(
    source: Path,
    target: Path,
    treatment: Treatment,
    progress: Progress = lambda done, total: None,
    say: Say = lambda text: None,
    codec: str | None = None,
) -> list[Path]:
    """Put a picture, a folder of pictures or a video through the tape; returns the files written.

    Pictures keep their size and become PNG, JPEG, ... as ``target`` says; a folder becomes a folder of PNG, one frame
    after another; a video, or an animated picture, becomes a 29.97 Hz video of the same size and length, its sound off
    the tape's audio track.
    progress: called with frames done and frames in all. say: called with a line that the user should know of.
    codec: of a video: h264, which None stands for, prores or ffv1.
    Raises NoclipError for what cannot be read or written; nothing half-written stays.
    """
    _check_places(source, target)
    known = _codec(codec, target)
    if source.is_dir():
        return _folder(source, target, treatment, progress, say)
    if source.suffix.lower() not in PICTURES:
        video = VideoSource(source, say, treatment.hold_max_s, treatment.fields)
        return _video(video, target, treatment, progress, say, known)
    if not is_animated(source):
        return _picture(source, target, treatment, progress)
    if target.suffix.lower() not in WRITABLE_VIDEOS:
        raise NoclipError(f"{source}: moves, so it is taped as a video; OUT ends in one of {' '.join(WRITABLE_VIDEOS)}")
    return _video(Animation(source), target, treatment, progress, say, known)


def _codec(name: str | None, target: Path) -> Codec:
    """The codec of a video; raises NoclipError where one is asked for that OUT cannot hold."""
    if target.suffix.lower() in WRITABLE_VIDEOS:
        return codec_of(name, target.suffix.lower(), fields=True)
    if name is not None:
        raise NoclipError(f"--codec {shown(name)}: for a video alone; OUT ends in one of {' '.join(WRITABLE_VIDEOS)}")
    return "h264"


def _check_places(source: Path, target: Path) -> None:
    try:
        if not source.exists():
            raise NoclipError(f"{source}: no such file or folder")
        if not (source.is_file() or source.is_dir()):
            raise NoclipError(f"{source}: neither a file nor a folder; write what it gives into a file first")
        if source.is_file() and source.stat().st_size == 0:
            raise NoclipError(f"{source}: empty")
        if target.exists() and source.samefile(target):
            raise NoclipError(f"{target}: IN and OUT are the same; give OUT another name")
        if target.exists() and not (target.is_file() or target.is_dir()):
            raise NoclipError(f"{target}: neither a file nor a folder; give OUT another name")
        if not target.absolute().parent.is_dir():
            raise NoclipError(f"{target.absolute().parent}: no such folder")
    except OSError as error:
        raise NoclipError(f"{error.filename or source}: {error.strerror or error}") from None


def _picture(source: Path, target: Path, treatment: Treatment, progress: Progress) -> list[Path]:
    if target.suffix.lower() not in WRITABLE_PICTURES:
        raise NoclipError(f"{target}: a picture's OUT ends in one of {' '.join(WRITABLE_PICTURES)}")
    check_writable(target)
    progress(0, 1)
    picture = read_picture(source)
    data = encoded(through(picture, picture, 0, treatment), target.suffix)
    with whole(target) as part:
        part.write_bytes(data)
    progress(1, 1)
    return [target]


def _folder(source: Path, target: Path, treatment: Treatment, progress: Progress, say: Say) -> list[Path]:
    """Every picture of a folder as one frame, in the order of their numbers."""
    files = frames_of(source)
    names = [f"{path.stem}.png" for path in files]
    _check_folder(source, target, names)
    if missing := gaps([path.stem for path in files]):
        say(f"{source}: missing numbers {missing}; the next picture follows directly")
    part = target.with_name(f".noclip-{os.getpid()}.part")
    try:
        part.mkdir()
        for n, (path, name) in enumerate(zip(files, names, strict=True)):
            progress(n, len(files))
            picture = read_picture(path)
            (part / name).write_bytes(encoded(through(picture, picture, n, treatment), ".png"))
        _move(part, target, names)
    except OSError as error:
        raise NoclipError(f"{target}: cannot write: {error.strerror or error}") from error
    finally:
        shutil.rmtree(part, ignore_errors=True)
    progress(len(files), len(files))
    return [target / name for name in names]


def _check_folder(source: Path, target: Path, names: list[str]) -> None:
    if not names:
        raise NoclipError(f"{source}: a folder without pictures ({' '.join(PICTURES)})")
    if target.suffix.lower() in (*WRITABLE_VIDEOS, *WRITABLE_PICTURES) or target.is_file():
        raise NoclipError(f"{target}: a folder's OUT is a folder")
    if len(set(names)) < len(names):
        twice = Path(next(name for name in names if names.count(name) > 1)).stem
        raise NoclipError(f"{source}: two pictures share the name {twice}")
    there = next((name for name in names if (target / name).exists()), None)
    if there is not None:
        raise NoclipError(f"{target / there}: is there already; give OUT another name, or remove it")


def _move(part: Path, target: Path, names: list[str]) -> None:
    """Finished pictures to where they belong."""
    if not target.exists():
        os.rename(part, target)
        return
    for name in names:
        os.replace(part / name, target / name)


def _video(
    video: VideoSource | Animation, target: Path, treatment: Treatment, progress: Progress, say: Say, codec: Codec
) -> list[Path]:
    if target.suffix.lower() not in WRITABLE_VIDEOS:
        raise NoclipError(f"{target}: a video's OUT ends in one of {' '.join(WRITABLE_VIDEOS)}")
    check_writable(target)
    sound = None
    if isinstance(video, VideoSource) and video.has_sound:
        from .audio import played

        sound = Sound(played(video.sound(), RATE_HZ, treatment.tape, treatment.seed), 2)
    out = None
    with whole(target) as part:
        watched = watch(treatment)
        next(watched)
        for n, (first, second) in enumerate(video.pairs()):
            progress(n, video.frames)
            lower = _as_video(first)
            pair = lower, lower if second is first else _as_video(second)
            codes = through(*pair, n, treatment, video.pixel_aspect, watched.send(pair))
            if out is None:
                height, width = codes.shape[:2]
                out = VideoTarget(part, target, (width, height), video.pixel_aspect, sound, say, codec)
            out.write(codes)
        if out is not None:
            out.close()
    progress(video.frames, video.frames)
    return [target]


def _as_video(codes: Picture) -> NDArray[np.float32]:
    return codes.astype(np.float32) / np.float32(255) if codes.dtype == np.uint8 else codes.astype(np.float32)
