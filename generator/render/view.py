"""The grid of rays of a picture."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from ..camera.shot import Lens, Pose
from ..plan.floorplan import CHUNK_M

Quality = Literal["draft", "normal", "final"]


@dataclass(frozen=True)
class View:
    """The grid of rays of a picture: through column x and row y (pixel centres at + 0.5) runs
    ``corner + x * across + y * down``, its length along the camera's axis 1.

    eye (3,) metres relative to the level's origin; right, up, forward (3,) unit; width, height in pixels;
    bounds (left, right, bottom, top): the picture's edges on the plane at distance 1.
    """

    eye: NDArray[np.float64]
    right: NDArray[np.float64]
    up: NDArray[np.float64]
    forward: NDArray[np.float64]
    width: int
    height: int
    bounds: tuple[float, float, float, float]

    @property
    def across(self) -> NDArray[np.float64]:
        """Step of the ray from one column to the next."""
        return self.right * ((self.bounds[1] - self.bounds[0]) / self.width)

    @property
    def down(self) -> NDArray[np.float64]:
        """Step of the ray from one row to the next."""
        return self.up * ((self.bounds[2] - self.bounds[3]) / self.height)

    @property
    def corner(self) -> NDArray[np.float64]:
        """Ray through the upper left corner of the picture."""
        return self.forward + self.right * self.bounds[0] + self.up * self.bounds[3]

    @property
    def rays(self) -> NDArray[np.float64]:
        """Rows corner, across, down (3, 3)."""
        return np.stack([self.corner, self.across, self.down])

    @property
    def clip(self) -> NDArray[np.float64]:
        """Rows (3, 3) that turn a point, metres from the eye, into x and y in pixels times its depth, and its depth."""
        left, right, bottom, top = self.bounds
        x = (self.right - left * self.forward) * (self.width / (right - left))
        y = (self.up - top * self.forward) * (self.height / (bottom - top))
        return np.stack([x, y, self.forward])


def view_of(
    origin: tuple[int, int],
    pose: Pose,
    lens: Lens,
    size: tuple[int, int],
    field: int | None = None,
    rows: tuple[int, int] | None = None,
) -> View:
    """The rays of a picture, of one of its fields, or of some of its rows.

    origin: the level's chunk. size: width, height of the whole picture in pixels. field: None for the frame; 0 for
    the upper field (picture rows 0, 2, …), 1 for the lower (rows 1, 3, …): half as many rows, each twice as tall and
    centred on its picture row. rows: half-open range of the rows of the frame or field, all by default.
    """
    width, height = size
    pitch, first = (1.0, 0.0) if field is None else (2.0, field - 0.5)
    count = height if field is None else height // 2
    start, stop = rows or (0, count)
    half = np.tan(lens.fov / 2)
    scale = 2 * half / width / lens.pixel_aspect
    top, bottom = (scale * (height / 2 - first - pitch * row) for row in (start, stop))
    right, up, forward = camera_axes(pose.yaw, pose.pitch, pose.roll)
    shift = [(pose.origin[k] - origin[k]) * CHUNK_M for k in (0, 1)]
    eye = np.array([pose.position[0] + shift[0], pose.position[1] + shift[1], pose.position[2]])
    return View(eye, right, up, forward, width, stop - start, (-half, half, bottom, top))


def reprojection(view: View, other: View) -> NDArray[np.float64]:
    """(3, 4): what takes (1, column, row, nearness) of a pixel to its place in another view, times its depth there, and
    that depth; nearness: one over the distance along the camera's axis, 1/m. Both eyes are told from one origin."""
    return np.column_stack([other.clip @ view.rays.T, other.clip @ (view.eye - other.eye)])


def camera_axes(yaw: float, pitch: float, roll: float) -> tuple[NDArray, NDArray, NDArray]:
    """Right, up and forward (3,) of a camera; positive roll turns the camera clockwise."""
    cy, sy, cp, sp = np.cos(yaw), np.sin(yaw), np.cos(pitch), np.sin(pitch)
    forward = np.array([cy * cp, sy * cp, sp])
    level_right = np.array([sy, -cy, 0.0])
    level_up = np.array([-cy * sp, -sy * sp, cp])
    right = np.cos(roll) * level_right - np.sin(roll) * level_up
    return right, np.cos(roll) * level_up + np.sin(roll) * level_right, forward
