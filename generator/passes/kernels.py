"""Compiled passes: places and ways of what pixels see, its normals and rooms, and ids by coverage."""

from __future__ import annotations

import numpy as np
from numba import njit

from ..kernel_options import ENTRY
from ..render.run_kernels import FIRST, WHOLE, dot, follow, gather, put
from ..render.surface_kernels import normals, read_relief

FARTHEST_M = np.float32(1e10)
"""Depth where nothing is seen. Source: Blender's."""
FRAGMENTS = 64
"""Ids in one pixel that are told apart: more than the renderer tells apart there."""
INTO_ROOM_M = 0.1
"""A wall's face belongs to the room that lies so far before it."""


@njit(**ENTRY)
def fill_places(depth, place, ways, nearness, rays, eye, others):
    """Depth (H, W), place (H, W, 3) and ways (H, W, 2 N) of what pixels see at their centres.

    nearness (H, W): 1/m, 0 for nothing; rays (3, 3): corner, across, down; eye (3,): metres from where places are told.
    others (N, 3, 4): ``reprojection`` into N other views; ways are told in pixels to the right and up, 0 to what lies
    behind. Where nothing is seen it is taken to be infinitely far off, its depth is FARTHEST_M, its place 0.
    """
    height, width = nearness.shape
    for row in range(height):
        y = row + 0.5
        for column in range(width):
            x, near = column + 0.5, nearness[row, column]
            far = np.float32(1) / near if near > 0 else FARTHEST_M
            depth[row, column] = far
            for d in range(3):
                way = rays[0, d] + x * rays[1, d] + y * rays[2, d]
                place[row, column, d] = eye[d] + far * way if near > 0 else 0.0
            for k in range(len(others)):
                m = others[k]
                ahead = m[2, 0] + m[2, 1] * x + m[2, 2] * y + m[2, 3] * near
                u, v = 0.0, 0.0
                if ahead > 0:
                    u = (m[0, 0] + m[0, 1] * x + m[0, 2] * y + m[0, 3] * near) / ahead - x
                    v = y - (m[1, 0] + m[1, 1] * x + m[1, 2] * y + m[1, 3] * near) / ahead
                ways[row, column, 2 * k] = u
                ways[row, column, 2 * k + 1] = v


@njit(**WHOLE)
def fill_normals(out, faces, start_of, frame, table, relief, blend, axes, batch):
    """Unit normals of surfaces with their relief, in the level's axes and in the camera's, channels of rows
    of out (H, 6, W), 0 before.

    faces, start_of, frame, table, relief, blend, batch: as in ``shade``; axes (3, 3): the camera's right, up and back.
    """
    right, up, back = axes[0], axes[1], axes[2]
    flat, shape, row, column = out.reshape(-1), out.shape[1:], FIRST, FIRST
    while row < len(faces):
        n, row, column = gather(batch, faces, start_of, row, column)
        follow(batch, n, frame)
        read_relief(batch, n, frame, table.material, relief, blend)
        for r in range(n):
            normal = normals(batch, r, table, frame[batch.facet[r], 19])
            put(flat, shape, 0, batch, r, normal)
            put(flat, shape, 3, batch, r, (dot(normal, right), dot(normal, up), dot(normal, back)))


@njit(**ENTRY)
def fill_rooms(out, faces, start_of, normal, anchor, eye, rays, room, cell_m):
    """Room of what rows of samples see, an index, into out (H, W) int32, -1 for none.

    faces (H, W), start_of (H, 2): as in ``shade``; normal, anchor (F, 3), eye (3,): metres from the level's origin;
    room (NY, NX) int32 of each cell of ``cell_m``.
    """
    for row in range(faces.shape[0]):
        y = start_of[row, 1]
        for column in range(faces.shape[1]):
            f = faces[row, column]
            out[row, column] = -1
            if f < 0:
                continue
            x, reach, along = start_of[row, 0] + column, 0.0, 0.0
            for d in range(3):
                way = rays[0, d] + x * rays[1, d] + y * rays[2, d]
                reach += normal[f, d] * (anchor[f, d] - eye[d])
                along += normal[f, d] * way
            far = reach / along if abs(along) > 1e-12 else 0.0
            side = -INTO_ROOM_M if along > 0 else INTO_ROOM_M
            i = (eye[0] + far * (rays[0, 0] + x * rays[1, 0] + y * rays[2, 0]) + side * normal[f, 0]) / cell_m
            j = (eye[1] + far * (rays[0, 1] + x * rays[1, 1] + y * rays[2, 1]) + side * normal[f, 1]) / cell_m
            if 0 <= i < room.shape[1] and 0 <= j < room.shape[0]:
                out[row, column] = room[int(j), int(i)]


@njit(**ENTRY)
def rank_ids(out, ids, code, row_of, column_of, begin, own, share):
    """Ids and coverage of the ids that cover most of each pixel, the most first, into out (H, W, 2 R).

    ids (H, W): index into code (N,) float32 of what centres see, -1 for nothing; of the pixels at edges, fragments
    own (K,) and their share (K,), from begin[k] to begin[k + 1].
    """
    zero, ranks = np.float32(0), out.shape[2] // 2
    known, much = np.empty(FRAGMENTS, np.int64), np.empty(FRAGMENTS, np.float32)
    for row in range(ids.shape[0]):
        for column in range(ids.shape[1]):
            at = ids[row, column]
            out[row, column, 2:] = zero
            out[row, column, 0] = code[at] if at >= 0 else zero
            out[row, column, 1] = np.float32(1) if at >= 0 else zero
    for p in range(len(row_of)):
        count = 0
        for j in range(begin[p], begin[p + 1]):
            if own[j] < 0:
                continue
            k = 0
            while k < count and known[k] != own[j]:
                k += 1
            if k == FRAGMENTS:
                continue
            if k == count:
                known[k], much[k], count = own[j], zero, count + 1
            much[k] += share[j]
        if begin[p] == begin[p + 1]:
            continue
        for rank in range(ranks):
            best = -1
            for k in range(count):
                if much[k] > zero and (best < 0 or much[k] > much[best]):
                    best = k
            out[row_of[p], column_of[p], 2 * rank] = code[known[best]] if best >= 0 else zero
            out[row_of[p], column_of[p], 2 * rank + 1] = much[best] if best >= 0 else zero
            if best >= 0:
                much[best] = zero


@njit(**ENTRY)
def to_half(image, out):
    """The bits of image (H, W) float32 as half, into out (H, W) uint16: to the nearest, even where two are as near;
    what is beyond half's range becomes its greatest.  Source: IEEE 754-2008, binary16."""
    for row in range(image.shape[0]):
        for column in range(image.shape[1]):
            value = image[row, column]
            bits = np.int64(np.float32(value).view(np.uint32))
            sign, size = (bits >> 16) & 0x8000, bits & 0x7FFFFFFF
            small = np.int64(np.float32(abs(value) + np.float32(0.5)).view(np.uint32)) - 0x3F000000
            usual = (size - 0x38000000 + 0x0FFF + ((size >> 13) & 1)) >> 13
            half = small if size < 0x38800000 else usual
            out[row, column] = sign | (half if size < 0x477FF000 else 0x7BFF)
