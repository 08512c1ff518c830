"""A plan as a drawing: sheets of filled rings, lines and words, written as SVG or PNG."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from html import escape
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ..errors import NoclipError
from ..files import whole
from .cut import Box, corners_of, cut_lines, cut_rings
from .district_marks import key_of_districts, names_in_districts, washes
from .floorplan import CELL_M, CHUNK_M, Floorplan, LampState, SolidKind, WallKind
from .ground import is_level
from .height_marks import LEGEND, height_marks, levels
from .sheet import INK, LETTER, PAPER, RED, Item, Lines, Rings, Service, Sheet, Words, cell_runs, fitting
from .sight import TROFFER_M, cast, edges_of, lamp_corners, outlines, solid_rings, wall_corners
from .slit_marks import LEGEND as SLITS
from .slit_marks import has_slits, slit_marks
from .walk import HEAD_M

SIDE_LIMIT_M = 5000.0
"""Longest side of a map: beyond it a wall is thinner than a hair even on a wall-sized print."""
_MARGIN = 110


def draw_map(
    plan: Floorplan,
    path: str | Path,
    title: str = "Level 0",
    seed: int | None = None,
    view: tuple[float, float] | None = None,
    region: Box | None = None,
    districts: Sequence[str] = (),
    services: Sequence[Service] = (),
    lamps_m: Sequence[tuple[float, float]] = (TROFFER_M,),
) -> None:
    """Write a plan as a map; the file's ending says how: .svg, .png or .dxf.

    view: a place (2,) metres in the plan's coordinates whose isovist is drawn too. region: x0, y0, x1, y1 in the plan's
    coordinates, at whose border everything is cut; else the whole plan. districts: names of the grammars that its
    map "grammar" counts, where it has one: they are tinted and named. services: lines that are drawn over the floor.
    lamps_m: half length and breadth of the place's lamps, by ``lamp_kind``.
    Raises NoclipError for another ending, a region over 5 km a side, or a file that cannot be written.
    """
    path = Path(path)
    kind = path.suffix.lower()
    if kind not in (".svg", ".png", ".dxf"):
        raise NoclipError(f"{path}: a map ends in .svg, .png or .dxf")
    box = region or (0.0, 0.0, *plan.size_m)
    side = max(box[2] - box[0], box[3] - box[1])
    if side > SIDE_LIMIT_M:
        raise NoclipError(f"{path}: a map is at most 5000 m a side, not {side:.0f} m; ask for a smaller region")
    with whole(path) as part:
        if kind == ".dxf":
            from .dxf import write_dxf

            write_dxf(plan, part, box, services, lamps_m)
            return
        sheet = compose(plan, title, seed, view, box, districts, services, lamps_m)
        if kind == ".svg":
            part.write_text(svg(sheet), encoding="utf-8")
        else:
            write_png(sheet, part)


def compose(
    plan: Floorplan,
    title: str,
    seed: int | None,
    view: tuple[float, float] | None,
    box: Box,
    districts: Sequence[str] = (),
    services: Sequence[Service] = (),
    lamps_m: Sequence[tuple[float, float]] = (TROFFER_M,),
) -> Sheet:
    """The sheet of a box of a plan: poché, lamps, openings, heights, frame, scale, north, coordinates and title."""
    w, h = box[2] - box[0], box[3] - box[1]
    scale = float(np.clip(2200.0 / max(w, h), 1.0, 40.0))
    size = (round(w * scale) + 2 * _MARGIN, round(h * scale) + 2 * _MARGIN + 60)
    to_page = _Page(scale, box)
    grammar = plan.district_maps.get("grammar") if districts else None
    items: list[Item] = [*_floors(plan, to_page)]
    if grammar is not None:
        items += washes(grammar, districts, to_page)
    items += _lamps(plan, to_page, lamps_m)
    if view is not None:
        angles = np.arange(1440) * (2 * np.pi / 1440)
        reach = cast(outlines(plan), view, angles)[0]
        star = np.asarray(view) + reach[:, None] * np.stack([np.cos(angles), np.sin(angles)], axis=1)
        items.append(Rings([to_page(star)], RED, opacity=0.25))
    items += height_marks(plan, to_page, scale)
    items += slit_marks(plan, to_page, scale)
    items += _openings(plan, to_page) + _poche(plan, to_page)
    items += [
        Lines(to_page(s.lines.reshape(-1, 2)).reshape(-1, 4), s.ink, max(0.7, 0.045 * to_page.scale)) for s in services
    ]
    if view is not None:
        items.append(Rings([to_page(np.asarray(view) + 0.3 * _circle())], RED, INK, 1.0))
    inside = _cut(items, (_MARGIN, _MARGIN, _MARGIN + w * scale, _MARGIN + h * scale))
    inside += levels(plan, to_page, scale, box)
    inside += _heights(plan, to_page) + _frame(plan, to_page, title, seed, size[0])
    if grammar is not None:
        inside += names_in_districts(grammar, districts, to_page, box)
        inside += key_of_districts(grammar, districts, (_MARGIN, size[1] - 40.0), size[0], box)
    elif any(service.note for service in services):
        inside += key_of_services(services, (_MARGIN, size[1] - 40.0), size[0], box)
    return Sheet(size, inside)


def _cut(items: list[Item], page: Box) -> list[Item]:
    """Items cut at a border, in page pixels."""
    out: list[Item] = []
    for item in items:
        if isinstance(item, Rings):
            out.append(replace(item, rings=cut_rings(item.rings, page)))
        elif isinstance(item, Lines):
            out.append(replace(item, lines=cut_lines(item.lines, page)))
    return out


@dataclass(frozen=True)
class _Page:
    """Metres of the plan to pixels of the page, on which ``box`` of the plan is seen."""

    scale: float
    box: Box

    def __call__(self, xy: NDArray[np.float64]) -> NDArray[np.float64]:
        x, y = xy[..., 0] - self.box[0], self.box[3] - xy[..., 1]
        return np.stack([_MARGIN + x * self.scale, _MARGIN + y * self.scale], axis=-1)


def _circle() -> NDArray[np.float64]:
    t = np.arange(24) * (2 * np.pi / 24)
    return np.stack([np.cos(t), np.sin(t)], axis=1)


def _floors(plan: Floorplan, to_page: _Page) -> list[Item]:
    """Floors tinted by room, lighter where the ceiling is high, dark where there is no power, green where damp."""
    tint = (plan.room % 3).astype(np.int64)
    tall = np.digitize(plan.ceiling_m, [2.6, 2.9, 4.0])
    dark = np.digitize(1.0 - plan.district_maps["power"], np.arange(1, 8) / 8)
    wet = np.digitize(plan.district_maps["damp"], np.arange(1, 5) / 5)
    code = ((tint * 4 + tall) * 8 + dark) * 5 + wet
    items: list[Item] = []
    for value in np.unique(code):
        base = np.array([[240, 225, 172], [236, 219, 161], [243, 230, 182]][value // 160], float)
        base = base + np.array([[-14, -14, -10], [0, 0, 0], [4, 6, 14], [8, 16, 44]][value // 40 % 4])
        base = base * (1.0 - 0.55 * (value // 5 % 8) / 7.0) - np.array([11, 4, 6]) * (value % 5)
        items.append(Rings([to_page(r) for r in cell_runs(code == value)], _hex(base)))
    return items


def _hex(rgb: NDArray[np.float64]) -> str:
    r, g, b = (int(v) for v in np.clip(np.round(rgb), 0, 255))
    return f"#{r:02x}{g:02x}{b:02x}"


def _lamps(plan: Floorplan, to_page: _Page, lamps_m: Sequence[tuple[float, float]]) -> list[Item]:
    """Lamps: bright when lit, orange when failing, hollow when dead."""
    rings = to_page(lamp_corners(plan, lamps_m, 0.03))
    width = max(0.4, 0.02 * to_page.scale)
    looks = (
        (LampState.ON, "#fffdf0", "#a58c46"),
        (LampState.FAILING, "#f0a03c", "#7a4a10"),
        (LampState.DEAD, None, "#6f6752"),
    )
    return [Rings(list(rings[plan.lamp_state == state]), fill, line, width) for state, fill, line in looks]


def _openings(plan: Floorplan, to_page: _Page) -> list[Item]:
    """Headers and windows as the two lines of their faces; arches as a pair of quarter curves on the floor."""
    corners = wall_corners(plan)
    width = max(0.5, 0.03 * to_page.scale)
    faces = np.concatenate([corners[:, [0, 1]], corners[:, [2, 3]]])
    over = np.tile((plan.wall_kind == WallKind.HEADER) | (plan.wall_kind == WallKind.ARCH), 2)
    sill = plan.wall_kind == WallKind.SILL
    items: list[Item] = [Lines(to_page(faces[over]).reshape(-1, 4), "#7a6a45", width)]
    items.append(Rings(list(to_page(corners[sill])), "#cfe0df", "#4d5c5e", width))
    for k in np.flatnonzero(plan.wall_kind == WallKind.ARCH):
        p, q = plan.wall_xy[k, :2], plan.wall_xy[k, 2:]
        t = np.linspace(0.0, np.pi, 13)[:, None]
        side = np.array([-(q - p)[1], (q - p)[0]])
        bow = (p + q) / 2 + np.cos(t) * (p - q) / 2 + 0.35 * np.sin(t) * side / 2
        page = to_page(bow)
        items.append(Lines(np.concatenate([page[:-1], page[1:]], axis=1), "#7a6a45", width))
    return items


def _poche(plan: Floorplan, to_page: _Page) -> list[Item]:
    """What stands on the floor: half walls pale, walls and partitions black, blocks a shade lighter."""
    corners = to_page(wall_corners(plan))
    stands = plan.solid_z[:, 0] < plan.floor_m.max() + HEAD_M
    rings = [to_page(ring) for ring, there in zip(solid_rings(plan), stands, strict=True) if there]
    block, step = (plan.solid_kind[stands] == kind for kind in (SolidKind.BLOCK, SolidKind.STEP))
    full = (plan.wall_kind == WallKind.WALL) | (plan.wall_kind == WallKind.PARTITION)
    line = max(0.5, 0.03 * to_page.scale)
    return [
        Rings(list(corners[plan.wall_kind == WallKind.HALF]), "#b9a06a", INK, line),
        Rings(list(corners[full]) + [r for r, b in zip(rings, block | step, strict=True) if not b], INK),
        Rings([r for r, b in zip(rings, block, strict=True) if b], "#6b5a41", INK, 2 * line),
    ]


def _heights(plan: Floorplan, to_page: _Page) -> list[Item]:
    """The ceiling's height, written in rooms over 4 m high and 30 m² large."""
    if to_page.scale < 7.0:
        return []
    items: list[Item] = []
    middles = [(np.arange(count) + 0.5) * CELL_M for count in plan.ceiling_m.shape]
    x0, y0, x1, y1 = to_page.box
    seen = ((middles[0] > y0) & (middles[0] < y1))[:, None] & ((middles[1] > x0) & (middles[1] < x1))
    high = (plan.ceiling_m > 4.0) & seen
    for room in np.unique(plan.room[high]):
        rows, columns = np.nonzero((plan.room == room) & seen)
        if len(rows) * CELL_M**2 < 30.0:
            continue
        middle = np.array([columns.mean() + 0.5, rows.mean() + 0.5])
        k = int(np.argmin((columns + 0.5 - middle[0]) ** 2 + (rows + 0.5 - middle[1]) ** 2))
        x, y = to_page(np.array([columns[k] + 0.5, rows[k] + 0.5]) * CELL_M)
        text = f"+{plan.ceiling_m[rows[k], columns[k]]:.2f}"
        items.append(Words((x, y), text, max(9.0, 0.7 * to_page.scale), RED, "middle"))
    return items


def _frame(plan: Floorplan, to_page: _Page, title: str, seed: int | None, width: int) -> list[Item]:
    """Frame with world coordinates, north, scale bar and title, on a page so wide."""
    x0, y0, x1, y1 = to_page.box
    w, h = x1 - x0, y1 - y0
    world = [plan.origin[k] * CHUNK_M for k in (0, 1)]
    box = to_page(corners_of(to_page.box))
    left, top, right, bottom = box[0, 0], box[2, 1], box[1, 0], box[0, 1]
    grown = box + np.array([[-8, 8], [8, 8], [8, -8], [-8, -8]])
    items: list[Item] = [_outline(box, 1.2), _outline(grown, 2.4)]
    step = next(s for s in (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000) if max(w, h) / s <= 14)
    ticks = []
    for axis, low, high in ((0, x0, x1), (1, y0, y1)):
        start = world[axis]
        for metres in np.arange(np.ceil((start + low) / step) * step, start + high + 1e-6, step):
            at = to_page(np.array([metres - start, metres - start]))[axis]
            text = f"{metres:.0f}"
            if axis == 0:
                ticks += [(at, bottom + 8, at, bottom + 15), (at, top - 15, at, top - 8)]
                items.append(Words((at, bottom + 30), text, 13, anchor="middle"))
            else:
                ticks += [(left - 15, at, left - 8, at), (right + 8, at, right + 15, at)]
                items.append(Words((left - 20, at + 4), text, 13, anchor="end"))
    items.append(Lines(np.array(ticks).reshape(-1, 4), INK, 1.2))
    items.append(fitting((left, bottom + 78), title.upper(), 34, INK, width))
    facts = [f"seed {seed}"] if seed is not None else []
    facts += [f"from {world[0] + x0:.10g}, {world[1] + y0:.10g} to {world[0] + x1:.10g}, {world[1] + y1:.10g}"]
    facts += ["metres east and north of the origin", *([] if is_level(plan) else [LEGEND])]
    facts += [SLITS] if has_slits(plan, to_page.box) else []
    items.append(fitting((left, bottom + 104), "   |   ".join(facts), 15, "#6b5a41", width))
    return items + _scale_bar(right, bottom + 62, to_page.scale) + _north(right + 46, top + 40)


def key_of_services(services: Sequence[Service], at: tuple[float, float], width: int, box: Box) -> list[Item]:
    """Draw a key: a stroke and a note for each service that a box of the plan holds, in one line that fits the page."""
    seen = [service for service in services if service.note and len(cut_lines(service.lines, box))]
    size = min(15.0, (width - at[0] - 10) / (LETTER * max(sum(len(s.note) + 5 for s in seen), 1)))
    x, y = at
    items: list[Item] = []
    for service in seen:
        items.append(Lines(np.array([[x, y - 0.35 * size, x + 1.8 * size, y - 0.35 * size]]), service.ink, 0.3 * size))
        items.append(Words((x + 2.3 * size, y), service.note, size))
        x += LETTER * size * (len(service.note) + 5)
    return items


def _outline(ring: NDArray[np.float64], width: float) -> Lines:
    return Lines(edges_of(ring), INK, width)


def _scale_bar(right: float, y: float, scale: float) -> list[Item]:
    """A bar of five parts, black and white in turn, at most 640 pixels long, ending at ``right``."""
    part = next(p for p in (200, 100, 50, 20, 10, 5, 2, 1) if 5 * p * scale <= 640 or p == 1)
    x = right - 5 * part * scale
    items: list[Item] = []
    for k in range(5):
        a, b = x + k * part * scale, x + (k + 1) * part * scale
        ring = np.array([[a, y], [b, y], [b, y + 9], [a, y + 9]])
        items.append(Rings([ring], INK if k % 2 == 0 else PAPER, INK, 1.0))
        items.append(Words((a, y + 26), str(k * part), 13, anchor="middle"))
    items.append(Words((x + 5 * part * scale, y + 26), f"{5 * part} m", 13, anchor="middle"))
    return items


def _north(x: float, y: float) -> list[Item]:
    dark = np.array([[x, y - 26], [x, y + 14], [x - 10, y + 24]])
    light = np.array([[x, y - 26], [x + 10, y + 24], [x, y + 14]])
    return [Rings([dark], INK, INK, 1.0), Rings([light], PAPER, INK, 1.0), Words((x, y - 34), "N", 18, anchor="middle")]


def svg(sheet: Sheet) -> str:
    """The sheet as an SVG document."""
    w, h = sheet.size
    out = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{w}" height="{h}" viewBox="0 0 {w} {h}">',
        f'<rect width="{w}" height="{h}" fill="{PAPER}"/>',
    ]
    for item in sheet.items:
        if isinstance(item, Words):
            x, y = item.xy
            text = escape("".join(c for c in item.text if c.isprintable()))
            out.append(
                f'<text x="{x:.1f}" y="{y:.1f}" font-family="Helvetica, Arial, sans-serif" font-size="{item.size:.1f}" '
                f'fill="{item.ink}" text-anchor="{item.anchor}">{text}</text>'
            )
        elif isinstance(item, Lines):
            path = "".join(f"M{a:.2f} {b:.2f}L{c:.2f} {d:.2f}" for a, b, c, d in item.lines)
            out.append(f'<path d="{path}" stroke="{item.ink}" stroke-width="{item.width:.2f}" fill="none"/>')
        elif item.rings:
            path = "".join("M" + "L".join(f"{x:.2f} {y:.2f}" for x, y in ring) + "Z" for ring in item.rings)
            line = f' stroke="{item.line}" stroke-width="{item.width:.2f}"' if item.line else ""
            out.append(f'<path d="{path}" fill="{item.fill or "none"}" fill-opacity="{item.opacity}"{line}/>')
    return "\n".join([*out, "</svg>\n"])


def write_png(sheet: Sheet, path: Path) -> None:
    """The sheet as a PNG, drawn at twice the size and reduced."""
    from PIL import Image, ImageDraw, ImageFont

    big = 2
    image = Image.new("RGB", (sheet.size[0] * big, sheet.size[1] * big), PAPER)
    draw = ImageDraw.Draw(image, "RGBA")
    anchors = {"start": "ls", "middle": "ms", "end": "rs"}
    for item in sheet.items:
        if isinstance(item, Words):
            font = ImageFont.load_default(item.size * big)
            draw.text((item.xy[0] * big, item.xy[1] * big), item.text, item.ink, font, anchors[item.anchor])
        elif isinstance(item, Lines):
            for a, b, c, d in item.lines * big:
                draw.line((a, b, c, d), item.ink, max(1, round(item.width * big)))
        else:
            _fill(draw, item, big)
    small = image.resize(sheet.size, Image.Resampling.LANCZOS)
    small.quantize(192, dither=Image.Dither.NONE).save(path, format="PNG", optimize=True)


def _fill(draw, item: Rings, big: int) -> None:
    """Rings on an image ``big`` times the page's size; right-angled ones to the nearest pixel, without gaps."""
    from PIL import ImageColor

    fill = (*ImageColor.getrgb(item.fill), round(255 * item.opacity)) if item.fill else None
    width = max(1, round(item.width * big)) if item.line else 0
    for ring in item.rings:
        (x0, y0), (x1, y1) = ring.min(axis=0) * big, ring.max(axis=0) * big
        if len(ring) == 4 and all(x in (x0, x1) and y in (y0, y1) for x, y in ring * big):
            box = (round(x0), round(y0), max(round(x1) - 1, round(x0)), max(round(y1) - 1, round(y0)))
            draw.rectangle(box, fill, item.line, width)
        else:
            draw.polygon([tuple(p) for p in ring * big], fill, item.line, max(width, 1))
