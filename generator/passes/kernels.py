"""Compiled passes: places and ways of what pixels see, its normals and rooms, and ids by coverage."""

from __future__ import annotations

import numpy as np
from numba import njit

from ..kernel_options import ENTRY, INNER
from ..render.run_kernels import FIRST, WHOLE, dot, follow, gather, put
from ..render.surface_kernels import normals, read_relief

FARTHEST_M = np.float32(1e10)
"""Depth where nothing is seen. Source: Blender's."""
FRAGMENTS = 64
"""Ids in one pixel that are told apart: more than the renderer tells apart there."""
INTO_ROOM_M = 0.1
"""A wall's face belongs to the room that lies so far before it."""


@njit(**INNER)
def _tell_depth(near, depth):
    """The depth (W,) of a row, FARTHEST_M where it is infinitely far off."""
    for x in range(len(depth)):
        depth[x] = np.float32(1) / near[x] if near[x] > 0 else FARTHEST_M


@njit(**INNER)
def _tell_place(near, depth, first, across, eye, out):
    """One coordinate (W,) of a row's places, whose ray is first + across x."""
    for x in range(len(out)):
        out[x] = eye + depth[x] * (first + across * (x + 0.5)) if near[x] > 0 else 0.0


@njit(**INNER)
def _tell_ways(near, m, y, right, up):
    """Pixels (W,) that a row moves right and up in another view, 0 for what lies behind; m (3, 4): ``reprojection``."""
    u0, v0, w0 = m[0, 0] + m[0, 2] * y, m[1, 0] + m[1, 2] * y, m[2, 0] + m[2, 2] * y
    u1, v1, w1, u3, v3, w3 = m[0, 1], m[1, 1], m[2, 1], m[0, 3], m[1, 3], m[2, 3]
    for i in range(len(right)):
        x, n = i + 0.5, near[i]
        ahead = w0 + w1 * x + w3 * n
        reach = 1.0 / ahead
        right[i] = (u0 + u1 * x + u3 * n) * reach - x if ahead > 0 else 0.0
        up[i] = y - (v0 + v1 * x + v3 * n) * reach if ahead > 0 else 0.0


@njit(**ENTRY)
def fill_places(out, nearness, rays, eye, others):
    """Depth, place (3) and ways (2 N) of what pixels see at their centres, channels of rows of out (H, 4 + 2 N, W).

    nearness (H, W): 1/m, 0 for nothing; rays (3, 3): corner, across, down; eye (3,): metres from where places are told.
    others (N, 3, 4): ``reprojection`` into N other views; ways are told in pixels to the right and up, 0 to what lies
    behind. Where nothing is seen it is taken to be infinitely far off, its depth is FARTHEST_M, its place 0.
    """
    for row in range(len(out)):
        y, near, line = row + 0.5, nearness[row], out[row]
        _tell_depth(near, line[0])
        for d in range(3):
            _tell_place(near, line[0], rays[0, d] + y * rays[2, d], rays[1, d], eye[d], line[1 + d])
        for k in range(len(others)):
            _tell_ways(near, others[k], y, line[4 + 2 * k], line[5 + 2 * k])


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
    r = rays
    for row in range(faces.shape[0]):
        y, last, reach, along0, along1 = start_of[row, 1], -1, 0.0, 0.0, 0.0
        for column in range(faces.shape[1]):
            f = faces[row, column]
            out[row, column] = -1
            if f < 0:
                continue
            if f != last:
                last, reach, along0, along1 = f, 0.0, 0.0, 0.0
                for d in range(3):
                    reach += normal[f, d] * (anchor[f, d] - eye[d])
                    along0 += normal[f, d] * (r[0, d] + y * r[2, d])
                    along1 += normal[f, d] * r[1, d]
            x = start_of[row, 0] + column
            along = along0 + along1 * x
            far = reach / along if abs(along) > 1e-12 else 0.0
            side = -INTO_ROOM_M if along > 0 else INTO_ROOM_M
            i = (eye[0] + far * (r[0, 0] + x * r[1, 0] + y * r[2, 0]) + side * normal[f, 0]) * (1 / cell_m)
            j = (eye[1] + far * (r[0, 1] + x * r[1, 1] + y * r[2, 1]) + side * normal[f, 1]) * (1 / cell_m)
            if 0 <= i < room.shape[1] and 0 <= j < room.shape[0]:
                out[row, column] = room[int(j), int(i)]


@njit(**ENTRY)
def rank_ids(out, ids, code, row_of, column_of, begin, own, share):
    """Ids and coverage of the ids that cover most of each pixel, the most first, channels of rows of
    out (H, 2 R, W).

    ids (H, W): index into code (N,) float32 of what centres see, -1 for nothing; of the pixels at edges, fragments
    own (K,) and their share (K,), from begin[k] to begin[k + 1].
    """
    zero, ranks = np.float32(0), out.shape[1] // 2
    known, much = np.empty(FRAGMENTS, np.float32), np.empty(FRAGMENTS, np.float32)
    for row in range(len(ids)):
        out[row, 2:] = zero
        for column in range(ids.shape[1]):
            at = ids[row, column]
            out[row, 0, column] = code[at] if at >= 0 else zero
            out[row, 1, column] = np.float32(1) if at >= 0 else zero
    for p in range(len(row_of)):
        count = 0
        for j in range(begin[p], begin[p + 1]):
            if own[j] < 0:
                continue
            k, value = 0, code[own[j]]
            while k < count and known[k] != value:
                k += 1
            if k == FRAGMENTS:
                continue
            if k == count:
                known[k], much[k], count = value, zero, count + 1
            much[k] += share[j]
        if begin[p] == begin[p + 1]:
            continue
        for rank in range(ranks):
            best = -1
            for k in range(count):
                if much[k] > zero and (best < 0 or much[k] > much[best]):
                    best = k
            out[row_of[p], 2 * rank, column_of[p]] = known[best] if best >= 0 else zero
            out[row_of[p], 2 * rank + 1, column_of[p]] = much[best] if best >= 0 else zero
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
