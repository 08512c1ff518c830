"""Maps for builders: the region asked for, cut at its border, in the world's metres, in every format alike."""

from __future__ import annotations

import re
from pathlib import Path

import ezdxf
import numpy as np
import pytest
from PIL import Image
from shapely import LineString, Polygon, box

from generator.cli import main
from generator.plan.cut import cut_lines, cut_rings

REGION = (-20.5, 7.25, 33.0, 47.75)
MARGIN = 110
FAR_M = 39.0144 * 2**20


def drawn(folder: Path, ending: str, region=REGION) -> Path:
    path = folder / f"a{ending}"
    asked = ",".join(map(repr, region))
    assert main(["map", "--seed", "3", f"--region={asked}", "-o", str(path)]) == 0
    return path


def outlines(path: Path) -> dict[str, list[np.ndarray]]:
    found: dict[str, list[np.ndarray]] = {}
    for line in ezdxf.readfile(path).modelspace().query("LWPOLYLINE"):
        assert line.closed
        found.setdefault(line.dxf.layer, []).append(np.array(line.get_points("xy")))
    return found


def test_a_dxf_is_in_the_worlds_metres_and_ends_at_the_regions_border(tmp_path):
    found = outlines(drawn(tmp_path, ".dxf"))
    points = np.concatenate([ring for rings in found.values() for ring in rings])
    assert tuple(points.min(axis=0)) + tuple(points.max(axis=0)) == pytest.approx(REGION, abs=1e-6)
    assert np.concatenate(found["REGION"]).tolist() == [[-20.5, 7.25], [33.0, 7.25], [33.0, 47.75], [-20.5, 47.75]]


def test_a_dxf_says_its_extents_and_opens_on_them(tmp_path):
    drawing = ezdxf.readfile(drawn(tmp_path, ".dxf"))
    assert drawing.header["$EXTMIN"][:2] == pytest.approx(REGION[:2])
    assert drawing.header["$EXTMAX"][:2] == pytest.approx(REGION[2:])
    view = drawing.viewports.get("*ACTIVE")[0]
    assert tuple(view.dxf.center)[:2] == pytest.approx(((REGION[0] + REGION[2]) / 2, (REGION[1] + REGION[3]) / 2))
    assert view.dxf.height >= REGION[3] - REGION[1]


def test_neighbouring_regions_meet_and_together_are_the_whole(tmp_path):
    x0, y0, x1, y1 = REGION

    def walls(region):
        rings = outlines(drawn(tmp_path, ".dxf", region))["WALLS"]
        filled = Polygon()
        for ring in rings:
            filled = filled.symmetric_difference(Polygon(ring).buffer(0))
        return filled

    left, right = walls((x0, y0, 5.0, y1)), walls((5.0, y0, x1, y1))
    assert left.intersection(right).area < 1e-3
    assert left.union(right).symmetric_difference(walls(REGION)).area < 0.01


def test_a_dxf_far_out_is_as_exact_as_at_the_origin(tmp_path):
    region = (FAR_M + 3.0, 0.0, FAR_M + 30.0, 20.0)
    points = np.concatenate([ring for rings in outlines(drawn(tmp_path, ".dxf", region)).values() for ring in rings])
    assert points[:, 0].min() == pytest.approx(region[0], abs=1e-6)
    assert points[:, 0].max() == pytest.approx(region[2], abs=1e-6)


def test_a_dxf_is_the_same_bytes_again(tmp_path):
    (tmp_path / "again").mkdir()
    assert drawn(tmp_path, ".dxf").read_bytes() == drawn(tmp_path / "again", ".dxf").read_bytes()


def test_an_svg_and_a_png_show_the_region_and_nothing_beyond_its_frame(tmp_path):
    text = drawn(tmp_path, ".svg").read_text()
    width, height = REGION[2] - REGION[0], REGION[3] - REGION[1]
    scale = 40.0
    page = (MARGIN, MARGIN, MARGIN + width * scale, MARGIN + height * scale)
    filled = [p for p in re.findall(r'<path d="([^"]+)Z" fill="#', text)]
    plan = np.array([[float(c) for c in pair] for p in filled[:-8] for pair in re.findall(r"([-\d.]+) ([-\d.]+)", p)])
    inside = (plan >= np.array(page[:2]) - 0.01).all(axis=1) & (plan <= np.array(page[2:]) + 0.01).all(axis=1)
    assert inside.mean() > 0.99
    assert plan[inside].min(axis=0) == pytest.approx(page[:2], abs=0.01)
    assert plan[inside].max(axis=0) == pytest.approx(page[2:], abs=0.01)
    with Image.open(drawn(tmp_path, ".png")) as image:
        pixels = np.asarray(image.convert("RGB")).astype(int)
    paper = pixels[3, 3]
    strip = pixels[round(page[1]) + 30 : round(page[3]) - 30, MARGIN - 15 : MARGIN - 10]
    assert (np.abs(strip - paper).max(axis=2) > 8).mean() < 0.05


@pytest.mark.parametrize("seed", range(5))
def test_what_is_cut_is_what_lies_inside(seed):
    """Random rings and lines against shapely's own intersections, one by one."""
    rng = np.random.default_rng(seed)
    region = (2.0, 3.0, 7.0, 6.0)
    square = np.array([[0, 0], [1, 0], [1, 1], [0, 1]])
    rings = [rng.uniform(0, 10, 2) + rng.uniform(0.5, 3) * square for _ in range(40)]
    whole = sum(Polygon(ring).intersection(box(*region)).area for ring in rings)
    assert sum(Polygon(ring).area for ring in cut_rings(rings, region)) == pytest.approx(whole)
    lines = rng.uniform(0, 10, (60, 4))
    lines[:10, 0] = lines[:10, 2]
    lengths = sum(LineString(line.reshape(2, 2)).intersection(box(*region)).length for line in lines)
    cut = cut_lines(lines, region)
    assert np.hypot(*(cut[:, 2:] - cut[:, :2]).T).sum() == pytest.approx(lengths)


def test_a_long_title_stays_on_the_page_and_special_letters_make_a_valid_svg(tmp_path):
    from xml.etree import ElementTree

    scene = tmp_path / "mine.toml"
    scene.write_text(f"title = '{'W' * 190} & <b> \u202e'\n", encoding="utf-8")
    path = tmp_path / "a.svg"
    assert main(["map", str(scene), "--region", "0,0,20,10", "-o", str(path)]) == 0
    root = ElementTree.fromstring(path.read_text(encoding="utf-8"))
    words = [node for node in root.iter() if node.tag.endswith("text") and "WWW" in (node.text or "")]
    assert len(words) == 1
    assert "\u202e" not in words[0].text
    assert float(words[0].get("x")) + 0.9 * float(words[0].get("font-size")) * 190 < 1.4 * float(root.get("width"))


def test_a_map_on_a_full_disk_is_one_line_and_leaves_nothing(tmp_path, monkeypatch, capsys):
    import errno

    from generator.plan import draw

    def full(sheet, path):
        path.write_bytes(b"half")
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(draw, "write_png", full)
    assert main(["map", "--region", "0,0,20,20", "-o", str(tmp_path / "a.png")]) == 2
    assert "No space left" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []
