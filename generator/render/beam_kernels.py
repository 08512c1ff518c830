"""Compiled light of the camera's lamp on a run of pixels."""

from __future__ import annotations

import numpy as np
from numba import njit

from .lamp import RIM_WIDE, WATER_F0, WATER_ROUGHNESS
from .lanes import least, most, positive, ramp, root, take, take_every_fourth
from .run_kernels import DENT, HALF, ONE, PART, REACH, RUN, TINY, TWO, ZERO, dot, scaled
from .surface_kernels import normals

THREE = np.float32(3)
NEAREST_M2, SMOOTHEST, GRAZING, DARK = np.float32(1e-4), np.float32(0.05), np.float32(1e-3), np.float32(1e-6)
"""Least distance squared from the camera's lamp, roughness, cosine of a view, and shadowing by the surface itself."""
RIM, F0, FILM = np.float32(1 / RIM_WIDE), np.float32(WATER_F0), np.float32(WATER_ROUGHNESS)
OVER_PI = np.float32(1 / np.pi)


@njit(**PART)
def _power(beam, to, far2):
    """What the camera's lamp sends (lanes) towards its direction ``to`` seen from a surface, per cos and steradian."""
    outer, inner = np.float32(beam.cos_outer), np.float32(max(beam.cos_inner, beam.cos_outer + 1e-6))
    axial = dot(to, beam.axis) * -ONE
    cone = least(most((axial - outer) * (ONE / (inner - outer)), ZERO), ONE)
    off = ONE - axial
    core, edge = off * (ONE / np.float32(beam.hot)), (off - np.float32(beam.rim_at)) * RIM
    edge = edge * edge + ONE
    flood = np.float32(beam.flood)
    shape = (ONE - flood) / (core * core + ONE) + np.float32(beam.rim) / (edge * edge) + flood
    fall = axial * ((axial - ONE) * np.float32(beam.vignetting - 1.0) + ONE)
    return cone * cone * (THREE - cone * TWO) * fall * shape / far2


@njit(**PART)
def _reflected(albedo, diffuse, lobe, f0, pale):
    return albedo * diffuse + lobe * (f0 + (ONE - f0) * pale)


@njit(**PART)
def _lit(beam, point, normal, colour, wet, surface, opened):
    """Radiance (3 lanes) that the camera's lamp adds at points given from the eye; colour, wet: of ``colours``;
    surface: roughness where it is dry, specular, metallic; opened: share of the lamp's light that reaches them.

    The lobe is GGX with Smith's height-correlated shadowing and Schlick's Fresnel.
    Source: Walter et al., EGSR 2007; Heitz, JCGT 3(2), 2014; Schlick, CGF 13(3), 1994.
    """
    rough, shine, metal = surface
    to = beam.position[0] - point[0], beam.position[1] - point[1], beam.position[2] - point[2]
    far2 = most(dot(to, to), NEAREST_M2)
    to = scaled(to, ONE / root(far2))
    eye = scaled(point, -ONE / root(dot(point, point)))
    half = to[0] + eye[0], to[1] + eye[1], to[2] + eye[2]
    half = scaled(half, ONE / root(most(dot(half, half), TINY)))
    sx = half[1] * normal[2] - half[2] * normal[1]
    sy = half[2] * normal[0] - half[0] * normal[2]
    sz = half[0] * normal[1] - half[1] * normal[0]
    nl, nv = most(dot(to, normal), ZERO), most(dot(eye, normal), GRAZING)
    alpha = most(rough + (FILM - rough) * wet, SMOOTHEST)
    alpha = alpha * alpha
    a2 = alpha * alpha
    spread = a2 + (ONE - a2) * (sx * sx + sy * sy + sz * sz)
    shade = nl * root(nv * nv * (ONE - a2) + a2) + nv * root(nl * nl * (ONE - a2) + a2)
    shiny, base = ONE if metal > ZERO else ZERO, most(wet * F0, shine)
    lobe = a2 * (HALF * OVER_PI) * nl / (spread * spread * most(shade, DARK)) * positive(base + shiny)
    pale = ONE - least(most(dot(half, eye), ZERO), ONE)
    square = pale * pale
    pale = square * square * pale
    power, diffuse, base = _power(beam, to, far2) * opened, nl * ((ONE - metal) * OVER_PI), base * (ONE - shiny)
    red, green, blue = (
        _reflected(colour[0], diffuse, lobe, colour[0] * shiny + base, pale),
        _reflected(colour[1], diffuse, lobe, colour[1] * shiny + base, pale),
        _reflected(colour[2], diffuse, lobe, colour[2] * shiny + base, pale),
    )
    i = beam.intensity
    return red * power * i[0], green * power * i[1], blue * power * i[2]


@njit(**PART)
def lamp_light(batch, r, rays, table, atlas, beam, opened, behind, colour, wet):
    """Radiance (3 lanes) that the camera's lamp adds to a run; opened (H * W,): ``open`` of its beam; behind: over 0
    where the facet is seen from behind; colour, wet: of ``colours``."""
    normal = normals(batch, r, table, behind)
    for k in range(batch.length[r]):
        batch.share[k] = opened[batch.place[r] + k]
    at, y, reach = ramp() + batch.middle[r, 0], batch.middle[r, 1], take(batch.lanes, REACH + RUN * r)
    point = (
        (at * rays[1, 0] + (rays[0, 0] + y * rays[2, 0])) * reach,
        (at * rays[1, 1] + (rays[0, 1] + y * rays[2, 1])) * reach,
        (at * rays[1, 2] + (rays[0, 2] + y * rays[2, 2])) * reach,
    )
    m = table.material[batch.facet[r]]
    _, _, _, rough = take_every_fourth(batch.texels, DENT + 4 * RUN * r)
    surface = rough, atlas.specular[m], atlas.metallic[m]
    return _lit(beam, point, normal, colour, wet, surface, take(batch.share, 0))
