"""The lattice that plans are drawn on, and the rows that what stands on it is listed in; lengths in 0.1 mm.

``what`` [axis, y, x] says what stands on a cell's east (axis 0) or north (axis 1) side; ``jamb`` [axis, end, y, x]
how much of an opening's first and last side is still wall.
"""

from __future__ import annotations

UNIT_M = 1e-4
CELL = 12192
MODULE = 6096
OPEN, WALL, PLAIN, HEADER, DOORWAY, ARCH, WINDOW = range(7)
"""What stands on a cell's side: nothing at all; a wall; an opening that reaches the ceiling, or has a header, a
doorway's lower header or an arch above it; an interior window."""
BAR_AXES, RING, CORNER = 2, 2, 3
"""First column of a piece's row: below BAR_AXES a bar, its axis; else the head of a ring or one of its corners."""
SLIT = 255
"""Kind of a ring that is no solid: a rectangle about two thick walls and the gap between them that is only looked
into. Its third column is the axis along which the gap runs (0: x), its fourth how thick the walls are."""
COLUMNS = 10
"""Columns of a piece's row, from the raster's corner. A bar: axis, line, from, to, kind, bottom, top, crown, thickness,
run. A ring: RING, number of corners, 0, 0, kind, bottom, top, 0, 0, run, followed by its corners counter-clockwise:
CORNER, x, y."""
