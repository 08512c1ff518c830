"""A seeded maker of media files: forms × codecs × rates × sound layouts × sizes × faults, and what must come of each.

Every clip has flashes and beeps that were together, on one clock. What a tape run must give follows from the clip's own
numbers: how long it is, when each flash and each beep is due, which field comes first, how large the picture is.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tests.footage import FIELD_S, Shown

FRAME_S = 2 * FIELD_S
APART_S = FIELD_S + 0.003
"""A field, and what finding a beep's begin is good for."""
FLASH_S, BEEP_HZ = 0.12, 1000
EVENTS = tuple(0.35 + 0.55 * k for k in range(20))
RATES = [Fraction(*r) for r in ((12, 1), (15, 1), (24000, 1001), (24, 1), (25, 1), (30000, 1001), (30, 1), (50, 1),
                                (60000, 1001), (60, 1))]  # fmt: skip
MPEG_RATES = [r for r in RATES if r >= 23]
SIZES = [(64, 48), (96, 72), (80, 60), (48, 64), (72, 40), (66, 50), (176, 144)]
ODD = [(65, 49), (51, 37), (97, 73)]
FORMS = {
    "mp4": (("libx264", "libx265", "mpeg4"), ("aac", "libmp3lame", "ac3", "")),
    "mov": (("libx264", "prores_ks", "mjpeg", "png", "qtrle"), ("aac", "pcm_s16le", "")),
    "mkv": (("libx264", "ffv1", "mpeg2video", "libvpx-vp9"), ("aac", "flac", "libopus", "pcm_s16le", "ac3", "")),
    "webm": (("libvpx", "libvpx-vp9"), ("libopus", "")),
    "avi": (("mpeg4", "mjpeg", "huffyuv", "libx264"), ("pcm_s16le", "ac3", "")),
    "ts": (("libx264", "mpeg2video"), ("aac", "mp2", "ac3", "")),
    "mpg": (("mpeg2video",), ("mp2", "")),
    "flv": (("flv1", "libx264"), ("aac", "")),
    "wmv": (("wmv2",), ("wmav2", "")),
}  # fmt: skip
FAULTS = {
    "late picture": tuple(FORMS),
    "late sound": ("mp4", "mov", "mkv", "webm", "ts", "mpg", "flv", "wmv"),
    "long sound": tuple(FORMS),
    "short sound": tuple(FORMS),
    "far start": ("mkv", "ts", "mp4"),
    "hole": ("mp4", "mov", "mkv", "ts"),
    "varying": ("mp4", "mov", "mkv", "webm"),
    "upper first": ("mp4", "mov", "mkv", "ts"),
    "lower first": ("mp4", "mov", "mkv", "ts"),
    "turned": ("mp4", "mov"),
    "starts again": ("ts", "mpg"),
    "middle of a group": ("ts",),
    "cut": ("ts", "mkv", "avi", "mp4", "mov", "flv"),
    "damaged": ("ts", "mkv", "avi", "mp4"),
    "garbage": tuple(FORMS),
    "no decoder": ("mp4", "avi"),
}


@dataclass(frozen=True)
class Clip:
    """One file to be made; times in seconds of its own clock."""

    form: str
    codec: str
    sound_codec: str
    rate: Fraction
    size: tuple[int, int]
    hz: int
    channels: int
    fault: str
    seed: int
    seconds: float = 1.6
    picture_at: float = 0.0
    sound_at: float = 0.0
    sound_s: float = 1.6
    stays: float = 0.0
    hole: tuple[float, float] = (0.0, 0.0)

    def times(self) -> NDArray[np.float64]:
        """When each picture is shown."""
        count = round(self.seconds * self.rate)
        at = self.picture_at + np.arange(count) / float(self.rate)
        if self.fault == "varying":
            keep = np.random.default_rng(self.seed).random(count) < 0.7
            keep[0] = True
            at = at[keep]
        return at

    def ends(self) -> float:
        """When the last picture is over."""
        return self.times()[-1] + (self.stays or 1 / float(self.rate))


def clip(seed: int) -> Clip:
    """The clip of one seed."""
    rng = np.random.default_rng([18, seed])
    pick = lambda options: options[rng.integers(len(options))]  # noqa: E731
    fault = pick([""] * 8 + list(FAULTS))
    form = pick(FAULTS.get(fault, tuple(FORMS)))
    codec, sound = pick(FORMS[form][0]), pick(FORMS[form][1])
    if fault in ("late picture", "late sound", "long sound", "short sound", "hole"):
        sound = pick([s for s in FORMS[form][1] if s and (fault, s) != ("hole", "pcm_s16le")])  # MOV packs samples
    interlaced = fault in ("upper first", "lower first")
    if interlaced:
        codec = "libx264" if form in ("mp4", "ts") else pick(("libx264", "prores_ks" if form == "mov" else "ffv1"))
    if fault in ("varying", "turned", "no decoder") and codec not in ("libx264", "mjpeg", "ffv1"):
        codec = "libx264" if form != "webm" else "libvpx"
    if (fault, form) == ("cut", "avi"):
        codec = "mjpeg"  # its header is larger than a film of the others
    mpeg = codec in ("mpeg2video",)
    rate = RATES[5] if interlaced else pick(MPEG_RATES if mpeg else RATES)
    odd = codec in ("ffv1", "png", "huffyuv", "libx264") and not interlaced and rng.random() < 0.2
    size = (64, 48) if interlaced else pick(ODD if odd else SIZES)
    size = (176, 144) if codec == "libx265" else size  # the coder spoils memory with smaller pictures
    hz = pick({"libopus": (48000,), "ac3": (48000, 44100, 32000), "mp2": (48000, 44100), "libmp3lame": (48000, 44100),
               "wmav2": (48000, 44100)}.get(sound, (48000, 44100, 32000, 22050, 8000)
               if sound in ("pcm_s16le", "flac") else (48000, 44100)))  # fmt: skip
    hz = 44100 if form == "flv" else hz
    channels = pick((1, 2, 6) if sound in ("aac", "ac3", "flac", "libopus", "pcm_s16le") and form != "flv" else (1, 2))
    made = Clip(form, codec, sound, rate, size, hz, channels, fault, seed)
    some = float(rng.uniform(0.15, 0.9))
    changes: dict[str, dict] = {
        "late picture": {"picture_at": some, "sound_s": 1.6 + some},
        "late sound": {"sound_at": some},
        "long sound": {"sound_s": 2.2 + some},
        "short sound": {"sound_s": 0.6 + some},
        "far start": {"picture_at": 7.2, "sound_at": 7.2},
        "hole": {"seconds": 2.2, "sound_s": 2.2, "hole": (0.55, 0.85)},
        "varying": {"stays": 0.5 + some if form in ("mp4", "mov") else 0.0},
        "starts again": {"seconds": 1.2, "sound_s": 1.2},
        "middle of a group": {"seconds": 2.4, "sound_s": 2.4},
        "cut": {"seconds": 2.4, "sound_s": 2.4},
        "damaged": {"seconds": 2.4, "sound_s": 2.4},
    }
    return _clear(replace(made, **changes.get(fault, {})))


def _clear(clip: Clip) -> Clip:
    """The clip with pictures and a sound that begin and end between events, not in one."""
    while any(-0.15 < event - clip.picture_at < 0.02 for event in EVENTS):
        clip = replace(clip, picture_at=clip.picture_at + 0.05)
    while any(-0.15 < event - clip.sound_at < 0.02 for event in EVENTS):
        clip = replace(clip, sound_at=clip.sound_at + 0.05)
    while any(-0.15 < event - clip.sound_at - clip.sound_s < 0.05 for event in EVENTS):
        clip = replace(clip, sound_s=clip.sound_s + 0.05)
    return clip


# --- what is seen and heard ---


def pictures(clip: Clip) -> list[NDArray[np.uint8]]:
    """The pictures: bright on a flash; a white corner top left; on the right, fields that get brighter one by one."""
    width, height = clip.size
    fields = {"upper first": (0, 1), "lower first": (1, 0)}.get(clip.fault)
    out = []
    for k, at in enumerate(clip.times()):
        picture = np.full((height, width, 3), 30, np.uint8)
        for order, parity in enumerate(fields or (0,)):
            rows = picture[parity::2] if fields else picture
            when = at + order * FIELD_S
            if any(-1e-6 <= when - event < FLASH_S - 1e-6 for event in EVENTS):
                rows[:] = 220
            if fields:
                rows[:, -16:] = 20 + 2 * (2 * k + order)
        picture[:8, :8] = 250
        out.append(picture)
    return out


def tone(clip: Clip) -> NDArray[np.float32]:
    """The sound (channels, N): a beep with each flash."""
    at = clip.sound_at + np.arange(round(clip.sound_s * clip.hz)) / clip.hz
    wave = np.zeros(len(at))
    for event in EVENTS:
        on = (at >= event) & (at < event + 0.1)
        wave[on] = 0.5 * np.sin(2 * np.pi * BEEP_HZ * (at[on] - event))
    return np.tile(wave, (clip.channels, 1)).astype(np.float32)


# --- files ---

PIXELS = {
    "mjpeg": "yuvj420p",
    "png": "rgb24",
    "qtrle": "rgb24",
    "prores_ks": "yuv422p10le",
    "huffyuv": "yuv422p",
}
"""Pixel formats; the others take 4:2:0."""
OPTIONS = {
    "libx264": {"preset": "ultrafast", "crf": "10", "g": "8", "bf": "2"},
    "libx265": {"preset": "ultrafast", "x265-params": "log-level=none:pools=none"},
    "libvpx": {"deadline": "realtime", "cpu-used": "8", "crf": "10", "b": "2M"},
    "libvpx-vp9": {"deadline": "realtime", "cpu-used": "8", "crf": "10", "b": "0"},
    "mpeg2video": {"g": "8", "qscale": "2", "b": "4M"},
    "mpeg4": {"g": "8", "b": "3M", "bf": "1"},
    "flv1": {"b": "3M"},
    "wmv2": {"b": "3M"},
}
MUXERS = {"mkv": "matroska", "ts": "mpegts", "mpg": "vob", "wmv": "asf"}
LAYOUTS = {1: "mono", 2: "stereo", 6: "5.1"}
FINE = Fraction(1, 90000)


def write(clip: Clip, path: Path) -> None:
    """Make the file."""
    if clip.fault == "garbage":
        path.write_bytes(np.random.default_rng(clip.seed).bytes(20000))
        return
    write_streams(clip, path)
    data = path.read_bytes()
    if clip.fault == "starts again":
        path.write_bytes(data + data)
    elif clip.fault == "middle of a group":
        path.write_bytes(data[188 * max(len(data) // 188 // 12, 3) :])
    elif clip.fault == "cut":
        path.write_bytes(data[: int(len(data) * 0.6)])
    elif clip.fault == "damaged":
        at = int(len(data) * 0.55)
        path.write_bytes(data[:at] + bytes(255 - b for b in data[at : at + 300]) + data[at + 300 :])
    elif clip.fault == "no decoder":
        for name in (b"avc1", b"H264", b"MJPG", b"FFV1", b"jpeg"):
            data = data.replace(name, b"zq0q")
        path.write_bytes(data)


def write_streams(clip: Clip, path: Path) -> None:
    """Encode and mux the clip's pictures and sound."""
    import av

    with av.open(str(path), "w", format=MUXERS.get(clip.form, clip.form)) as out:
        video = out.add_stream({"flv1": "flv"}.get(clip.codec, clip.codec), rate=clip.rate)
        video.width, video.height = clip.size
        video.pix_fmt = PIXELS.get(clip.codec, "yuv420p")
        odd = clip.size[0] % 2 or clip.size[1] % 2
        if odd:
            video.pix_fmt = {"libx264": "yuv444p", "ffv1": "yuv444p", "huffyuv": "rgb24"}.get(clip.codec, video.pix_fmt)
        reordered = clip.form != "avi" and clip.fault != "varying"  # AVI has no stamps for it; a last picture stays
        video.codec_context.options = OPTIONS.get(clip.codec, {}) | ({} if reordered else {"bf": "0"})
        video.codec_context.thread_count = 1
        if clip.fault == "varying":
            video.codec_context.time_base = FINE
        _say_fields(clip, video)
        if clip.fault == "turned":
            video.set_display_rotation(-90)
        sound = None
        if clip.sound_codec:
            sound = out.add_stream(clip.sound_codec, rate=clip.hz, layout=LAYOUTS[clip.channels])
            sound.bit_rate = 32000 * clip.channels
        packets = [*_picture_packets(clip, video), *(_sound_packets(clip, sound) if sound else ())]
        for packet in sorted(packets, key=lambda p: float((p.dts if p.dts is not None else p.pts) * p.time_base)):
            out.mux(packet)


def _say_fields(clip: Clip, video) -> None:
    if clip.fault not in ("upper first", "lower first"):
        return
    upper = clip.fault == "upper first"
    if clip.codec == "libx264":
        video.codec_context.options = {**OPTIONS["libx264"], "x264-params": "tff=1" if upper else "bff=1"}
    else:
        video.codec_context.options = {"flags": "+ildct"} if clip.codec == "prores_ks" else {}
        video.codec_context.field_order = 2 if upper else 3


def _moved(packet, by_s: float, base: Fraction):
    """A packet later by some seconds, in fine units."""
    own = packet.time_base or base
    by = round(by_s / FINE)
    packet.pts = None if packet.pts is None else round(packet.pts * own / FINE) + by
    packet.dts = None if packet.dts is None else round(packet.dts * own / FINE) + by
    packet.duration = round((packet.duration or 0) * own / FINE)
    packet.time_base = FINE
    return packet


def _picture_packets(clip: Clip, video):
    import av

    base = FINE if clip.fault == "varying" else 1 / clip.rate
    times = clip.times()
    out = []
    for k, codes in enumerate(pictures(clip)):
        frame = av.VideoFrame.from_ndarray(codes, format="rgb24")
        woven = clip.fault in ("upper first", "lower first")
        frame = _woven(frame, video.pix_fmt) if woven else frame.reformat(format=video.pix_fmt, dst_colorspace=5)
        frame.pts, frame.time_base = round((times[k] - clip.picture_at) / base), base
        out += video.encode(frame)
    out += video.encode(None)
    if clip.stays:
        last = max(out, key=lambda packet: packet.pts)
        last.duration = round(clip.stays / base)
    return [_moved(packet, clip.picture_at, base) for packet in out]


def _woven(frame, pixels: str):
    """A frame in 4:2:0 or 4:2:2 whose fields were converted apart."""
    import av

    codes = frame.to_ndarray(format="rgb24")
    halves = [av.VideoFrame.from_ndarray(np.ascontiguousarray(codes[k::2]), format="rgb24") for k in (0, 1)]
    halves = [half.reformat(format=pixels, dst_colorspace=5) for half in halves]
    out = av.VideoFrame(frame.width, frame.height, pixels)
    for n, plane in enumerate(out.planes):
        rows = np.frombuffer(plane, np.uint8).reshape(plane.height, plane.line_size).copy()
        for k in (0, 1):
            part = halves[k].planes[n]
            rows[k::2, : part.line_size] = np.frombuffer(part, np.uint8).reshape(part.height, part.line_size)[
                :, : plane.line_size
            ]
        plane.update(rows.tobytes())
    return out


def _sound_packets(clip: Clip, sound):
    import av

    wave, out = tone(clip), []
    form = sound.codec_context.format.name
    size = {"aac": 1024, "ac3": 1536, "mp2": 1152, "libmp3lame": 1152, "libopus": 960}.get(clip.sound_codec, 1024)
    resampler = av.AudioResampler(format=form, layout=LAYOUTS[clip.channels], rate=clip.hz)
    for at in range(0, wave.shape[1], size):
        part = np.ascontiguousarray(wave[:, at : at + size])
        frame = av.AudioFrame.from_ndarray(part, format="fltp", layout=LAYOUTS[clip.channels])
        frame.sample_rate, frame.pts, frame.time_base = clip.hz, at, Fraction(1, clip.hz)
        for piece in resampler.resample(frame):
            out += sound.encode(piece)
    out += sound.encode(None)
    out = [_moved(packet, clip.sound_at, Fraction(1, clip.hz)) for packet in out]
    begin, end = clip.hole
    return [packet for packet in out if not begin <= float(packet.pts * FINE) - clip.sound_at < end]


# --- what must come of it ---

BLOCK = {"aac": 1024, "ac3": 1536, "mp2": 1152, "libmp3lame": 1152, "libopus": 960, "wmav2": 2048}


@dataclass(frozen=True)
class Right:
    """What a tape run must give: length, times of flashes and beeps from the first field, the picture's size."""

    seconds: float
    within_s: float
    flashes: NDArray[np.float64]
    beeps: NDArray[np.float64]
    size: tuple[int, int]
    loose_s: float


def right(clip: Clip) -> Right:
    """The right result by arithmetic."""
    times, ends = clip.times(), clip.ends()
    parts = 2 if clip.fault == "starts again" else 1
    block = BLOCK.get(clip.sound_codec, 1024) / clip.hz if clip.sound_codec else 0.0
    sound_end = clip.sound_at + clip.sound_s if clip.sound_codec else -math.inf
    lead = clip.picture_at - clip.sound_at if clip.sound_codec else 0.0
    start = clip.picture_at - (FRAME_S * math.ceil(lead / FRAME_S) if lead > 0.1 else 0.0)
    whole = max(ends, sound_end) - start
    fine = np.repeat(times, 2) + np.tile([0, FIELD_S], len(times)) if "first" in clip.fault else times
    first = [(e, fine[fine >= e - 1e-6][0]) for e in EVENTS if fine[0] <= e <= fine[-1] + 1e-6]
    seen = [at for event, at in first if at < event + FLASH_S - 1e-6]
    heard = [e for e in EVENTS if clip.sound_codec and clip.sound_at <= e <= sound_end - 0.12
             and not clip.hole[0] - 0.1 < e - clip.sound_at < clip.hole[1]]  # fmt: skip
    flashes, beeps = np.array(seen) - start, np.array(heard) - start
    if parts == 2:
        flashes, beeps = (np.concatenate([x, x + whole]) for x in (flashes, beeps))
    width, height = clip.size[::-1] if clip.fault == "turned" else clip.size
    padded = 3 * parts * block if sound_end > ends - 2 * block else 0.0
    loose = parts / float(clip.rate) if clip.form == "mpg" else 0.0  # its stamps of single pictures are FFmpeg's guess
    within = FIELD_S + 1e-4 + padded + (FRAME_S if lead > 0 else 0.0)
    return Right(whole * parts, within + loose, flashes, beeps, (width + width % 2, height + -height % 4), loose)


LOOSE = ("cut", "damaged", "middle of a group")
REFUSED = ("garbage", "no decoder")
INDEX_LAST = ("mp4", "mov")
"""Forms that cannot be read when their end is missing."""


def faults_of(clip: Clip, shown: Shown) -> list[str]:
    """What is wrong with a finished video, by the clip's arithmetic."""
    due = right(clip)
    out = []
    if shown.fields.shape[1:3] != (due.size[1] // 2, due.size[0]):
        out.append(f"size {shown.fields.shape}, not {due.size}")
    if "first" in clip.fault:
        ramp = shown.fields[:-2, 10:, -6].mean(axis=(1, 2))
        if (np.diff(ramp) < -1.5).any():
            out.append(f"fields out of order: {ramp[:8]}")
    flashes, beeps = shown.flashes(), shown.beeps()
    if clip.fault in LOOSE:
        return out + _loose(flashes, beeps, due)
    if abs(shown.frames * FRAME_S - due.seconds) > due.within_s:
        out.append(f"{shown.frames * FRAME_S:.3f} s long, not {due.seconds:.3f} within {due.within_s:.3f}")
    if len(flashes) != len(due.flashes) or len(beeps) != len(due.beeps):
        return [*out, f"flashes {flashes}, not {due.flashes}; beeps {beeps}, not {due.beeps}"]
    off, late = flashes - due.flashes, beeps - due.beeps
    if np.abs(off).max(initial=0.0) > due.within_s:
        out.append(f"flashes off by {off}")
    together = np.abs(due.flashes[:, None] - due.beeps[None]) < 0.3
    if together.any() and np.abs(off[:, None] - late[None])[together].max() > APART_S + due.loose_s:
        out.append(f"flashes off by {off}, beeps by {late}")
    return out


def _loose(flashes: NDArray[np.float64], beeps: NDArray[np.float64], due: Right) -> list[str]:
    """Of a file that lacks something: all but one flash and one beep must be due, under one shift of the clock."""
    if not len(flashes):
        return []
    best = 99
    for by in (flashes[:, None] - due.flashes[None]).ravel():
        missed = [min(abs(due.flashes + by - f)) > FIELD_S + 1e-3 for f in flashes]
        wrong = [min(abs(due.beeps + by - b)) > APART_S for b in beeps] if len(due.beeps) else []
        best = min(best, max(sum(missed), sum(wrong)))
    return [f"flashes {flashes} and beeps {beeps} are not {due.flashes} and {due.beeps}"] if best > 1 else []
