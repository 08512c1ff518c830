"""Golden frames: what one seed gives, from plan to tape and file, is what it gave before.

``pytest tests/test_golden.py --golden write`` makes ``tests/golden`` anew, ``--golden exact`` allows no difference at
all (on the machine that wrote them); by default machines may differ by one code value.
"""

from __future__ import annotations

import io
import wave
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from generator.cli import main
from generator.places.verbs import floorplan
from generator.scene import load_scene
from tests.glb import Glb

FOLDER = Path(__file__).parent / "golden"
PRESETS = sorted(path.stem for path in (Path(__file__).parents[1] / "scenes").glob("*.toml"))
TINY = ["--set", "render.width_px=160", "--set", "render.height_px=120", "--quality", "draft", "--renderer", "embree"]
CODE = 1.0
"""Difference allowed between machines: one code value of a picture's 255."""
TEXTURE_CODES = 2.0
"""JPEG decoders may differ by this."""
POSITION_M = 1e-5
FAR = 2**20


class Golden:
    """Arrays kept in a folder, to be held against those of today, or written there."""

    def __init__(self, folder: Path, mode: str) -> None:
        self.folder, self.mode = folder, mode

    def picture(self, name: str, pixels: np.ndarray, codes: float = CODE) -> None:
        """Hold a picture (H, W[, 3]) uint8 against the PNG of this name."""
        path = self.folder / f"{name}.png"
        if self.mode == "write":
            Image.fromarray(pixels).save(path, "PNG", optimize=True)
        self._hold(name, np.asarray(Image.open(path)), pixels, codes)

    def arrays(self, name: str, arrays: dict[str, np.ndarray], tolerance: float) -> None:
        """Hold named arrays against those of this name; integers and flags must be equal where tolerance is < 1."""
        path = self.folder / f"{name}.npz"
        if self.mode == "write":
            np.savez_compressed(path, **arrays)
        with np.load(path) as kept:
            assert sorted(kept.files) == sorted(arrays), name
            for key, value in arrays.items():
                whole = value.dtype.kind not in "f" and tolerance < 1
                self._hold(f"{name}: {key}", kept[key], value, 0.0 if whole else tolerance)

    def _hold(self, name: str, kept: np.ndarray, now: np.ndarray, tolerance: float) -> None:
        assert (kept.shape, kept.dtype) == (now.shape, now.dtype), name
        if kept.dtype.kind == "U":
            assert kept.tolist() == now.tolist(), name
            return
        if self.mode == "exact":
            assert kept.tobytes() == np.ascontiguousarray(now).tobytes(), f"{name}: not byte for byte the same"
        if kept.size:
            wide = np.float64 if kept.dtype.kind == "f" or tolerance else kept.dtype
            off = np.abs(kept.astype(wide) - now.astype(wide)).max() if tolerance else float((kept != now).any())
            assert off <= tolerance, f"{name}: differs by up to {off:g}, allowed {tolerance:g}"


@pytest.fixture(scope="module")
def golden(request) -> Golden:
    return Golden(FOLDER, request.config.getoption("--golden"))


def pixels(path: Path) -> np.ndarray:
    return np.asarray(Image.open(path))


@pytest.mark.parametrize("preset", PRESETS)
def test_every_preset_is_taken_as_it_was(preset, golden, tmp_path, capsys):
    for name, flags in (("taped", []), ("clean", ["--clean"])):
        path = tmp_path / f"{name}.png"
        assert main(["still", preset, *TINY, *flags, "-o", str(path)]) == 0
        golden.picture(f"still-{preset}-{name}", pixels(path))


@pytest.mark.parametrize("part", ["direct", "bounce", "albedo", "normal", "texels"])
def test_parts_of_a_picture_are_as_they_were(part, golden, tmp_path, capsys):
    assert main(["still", *TINY, "--only", part, "-o", str(tmp_path / "a.png")]) == 0
    golden.picture(f"only-{part}", pixels(tmp_path / "a.png"))


def test_a_film_of_thirty_fields_is_as_it_was(golden, tmp_path, capsys):
    out = tmp_path / "film"
    assert main(["film", *TINY, "--frames", "0:15", "--workers", "1", "-o", str(out)]) == 0
    frames = [pixels(path) for path in sorted(out.glob("frame_*.png"))]
    golden.picture("film", np.concatenate(frames))
    with wave.open(str(out / "sound.wav")) as file:
        samples = np.frombuffer(file.readframes(file.getnframes()), "<i2").reshape(-1, file.getnchannels())
    golden.arrays("film-sound", {"samples": samples}, CODE)


@pytest.mark.parametrize("profile", ["set", "baked"])
def test_an_exported_file_is_as_it_was(profile, golden, tmp_path, capsys):
    path, asked = tmp_path / "a.glb", ["--region", "4,6,11,12", "--texture-px", "64", "--set", "render.quality=draft"]
    assert main(["export", *asked, "--profile", profile, "-o", str(path)]) == 0
    file = Glb(path)
    tree = file.tree
    kinds = ("nodes", "meshes", "materials", "textures", "images", "accessors", "animations")
    counts = {kind: np.array(len(tree.get(kind, ()))) for kind in kinds}
    meshes = {m["name"]: [file.values(p["attributes"]["POSITION"]) for p in m["primitives"]] for m in tree["meshes"]}
    bounds = [
        np.stack([np.concatenate(parts).min(axis=0), np.concatenate(parts).max(axis=0)]) for parts in meshes.values()
    ]
    faces = {m["name"]: [file.values(p["indices"]).size // 3 for p in m["primitives"]] for m in tree["meshes"]}
    names = [node["name"] for node in tree["nodes"]] + [material["name"] for material in tree["materials"]]
    arrays = {"names": np.array(names), "bounds": np.array(bounds), **counts}
    for name, parts in meshes.items():
        arrays |= {f"{name} positions": np.concatenate(parts), f"{name} triangles": np.array(faces[name])}
    golden.arrays(f"export-{profile}", arrays, POSITION_M)
    textures = [np.asarray(Image.open(io.BytesIO(data)).convert("RGBA")) for data in file.images()]
    golden.arrays(f"export-{profile}-textures", {f"{k:03d}": t for k, t in enumerate(textures)}, TEXTURE_CODES)


def test_a_map_is_drawn_as_it_was(golden, tmp_path, capsys):
    assert main(["map", "--seed", "1", "--region", "0,0,39,39", "-o", str(tmp_path / "map.png")]) == 0
    golden.picture("map", pixels(tmp_path / "map.png"))


@pytest.mark.parametrize("where", ["near", "far"])
def test_the_plan_of_nine_chunks_is_as_it_was(where, golden):
    i, j = (0, 0) if where == "near" else (FAR, -FAR)
    plan = vars(floorplan(load_scene("level0"), 0, (i, j, i + 3, j + 3)))
    arrays = {key: value for key, value in plan.items() if isinstance(value, np.ndarray)}
    arrays |= {f"field {key}": value for key, value in plan["district_maps"].items()}
    golden.arrays(f"plan-{where}", arrays, 1e-9)


@pytest.mark.parametrize("mode", ["near", "exact"])
def test_the_comparison_can_fail(mode, tmp_path):
    grey, metres = np.full((4, 6, 3), 90, np.uint8), np.linspace(0.0, 1.0, 7)
    Golden(tmp_path, "write").picture("grey", grey)
    Golden(tmp_path, "write").arrays("metres", {"x": metres, "n": np.arange(3)}, 1e-5)
    held = Golden(tmp_path, mode)
    held.picture("grey", grey)
    held.arrays("metres", {"x": metres, "n": np.arange(3)}, 1e-5)
    off = grey.copy()
    off[2, 3, 1] += 1 if mode == "exact" else 2
    with pytest.raises(AssertionError, match="grey"):
        held.picture("grey", off)
    with pytest.raises(AssertionError, match="metres: x"):
        held.arrays("metres", {"x": metres + 2e-5, "n": np.arange(3)}, 1e-5)
    with pytest.raises(AssertionError, match="metres: n"):
        held.arrays("metres", {"x": metres, "n": np.arange(3) + 1}, 1e-5)
    with pytest.raises(AssertionError, match="grey"):
        held.picture("grey", grey[:3])


def test_a_still_is_kept_of_every_preset_and_of_nothing_else():
    stills = {f"still-{preset}-{kind}" for preset in PRESETS for kind in ("taped", "clean")}
    assert {path.stem for path in FOLDER.glob("still-*.png")} == stills
