"""A set as Universal Scene Description: OpenUSD's own checks find no fault, and sizes, lamps and cameras are ours."""

from __future__ import annotations

import importlib.util

import numpy as np
import pytest

from generator.colour import LUMENS_PER_WATT
from generator.errors import NoclipError
from generator.export import build_region, check_request, export_level, region_of
from generator.export.document import Views
from generator.places.level0.settings import Level0Scene
from tests.test_export import POSE, shot

REGION, SEED = region_of(4.0, 6.0, 16.0, 18.0), 1


def test_without_openusd_one_line_says_how_to_get_it(monkeypatch, tmp_path):
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(NoclipError, match="pip install usd-core"):
        check_request(tmp_path / "set.usdz", REGION)


def test_baked_light_as_usd_is_refused(tmp_path):
    with pytest.raises(NoclipError, match="lit set"):
        check_request(tmp_path / "set.usdz", REGION, "baked")


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    from generator.camera.shot import Lens

    folder, scene = tmp_path_factory.mktemp("usd"), Level0Scene()
    level = build_region(scene, SEED, REGION)
    views = Views((("view", POSE, Lens(1.08)),), shot(60))
    for ending in ("usdz", "usdc", "usda"):
        (folder / ending).mkdir()
        export_level(level, scene, SEED, folder / ending / f"set.{ending}", views=views, texture_px=64, region=REGION)
    return folder, level


@pytest.mark.slow
@pytest.mark.parametrize("ending", ["usdz", "usdc", "usda"])
def test_openusd_finds_no_fault(written, ending):
    """By UsdUtils.ComplianceChecker, or by all of UsdValidation, which took its place in OpenUSD 26."""
    from pxr import Usd, UsdUtils

    path = str(written[0] / ending / f"set.{ending}")
    if hasattr(UsdUtils, "ComplianceChecker"):
        checker = UsdUtils.ComplianceChecker()
        checker.CheckCompliance(path)
        assert checker.GetErrors() + checker.GetFailedChecks() + checker.GetWarnings() == []
        return
    from pxr import UsdValidation

    validators = UsdValidation.ValidationRegistry().GetOrLoadAllValidators()
    assert len(validators) > 20
    found = UsdValidation.ValidationContext(validators).Validate(Usd.Stage.Open(path))
    assert [error.GetMessage() for error in found] == []


@pytest.mark.slow
def test_usd_has_our_sizes_lamps_bodies_and_cameras(written):
    from pxr import Usd, UsdGeom, UsdLux, UsdPhysics, UsdShade

    folder, level = written
    stage = Usd.Stage.Open(str(folder / "usdz" / "set.usdz"))
    assert UsdGeom.GetStageUpAxis(stage) == "Z"
    assert UsdGeom.GetStageMetersPerUnit(stage) == 1.0
    prims = list(stage.Traverse(Usd.TraverseInstanceProxies()))
    box = UsdGeom.BBoxCache(Usd.TimeCode.Default(), ["default"]).ComputeWorldBound(stage.GetPrimAtPath("/World/Floor"))
    assert np.allclose(box.ComputeAlignedRange().GetMin(), [0.0, 0.0, 0.0], atol=1e-3)
    assert np.allclose(box.ComputeAlignedRange().GetMax(), [12.0, 12.0, 0.0], atol=1e-3)
    lights = [UsdLux.RectLight(prim) for prim in prims if prim.IsA(UsdLux.RectLight)]
    lit = level.lamps.radiance.max(axis=1) > 0
    assert len(lights) == lit.sum() > 0
    nits = sorted(light.GetIntensityAttr().Get() for light in lights)
    assert np.allclose(nits, sorted(LUMENS_PER_WATT * level.lamps.radiance[lit].max(axis=1)), rtol=1e-5)
    for light in lights:
        world = np.array(UsdGeom.Xformable(light).ComputeLocalToWorldTransform(0.0))
        assert np.allclose(world[2, :3], [0.0, 0.0, 1.0], atol=1e-6)  # it shines along its own -Z: down
    assert any(prim.IsInstance() for prim in stage.Traverse())
    meshes = [prim for prim in prims if prim.IsA(UsdGeom.Mesh)]
    assert all(UsdShade.MaterialBindingAPI(mesh).ComputeBoundMaterial()[0] for mesh in meshes)
    walls = [mesh for mesh in meshes if str(mesh.GetPath()).startswith("/World/Walls/wall")]
    assert walls
    assert all(mesh.HasAPI(UsdPhysics.CollisionAPI) for mesh in walls)
    view, moving = (UsdGeom.Camera.Get(stage, f"/World/{name}") for name in ("view", "shot"))
    assert np.isclose(
        np.radians(view.GetCamera(0.0).GetFieldOfView(view.GetCamera(0.0).FOVHorizontal)), 1.08, atol=1e-4
    )
    assert len(moving.GetXformOpOrderAttr().Get()) == 1
    ops = UsdGeom.Xformable(moving).GetOrderedXformOps()
    assert ops[0].GetNumTimeSamples() == 30
    place = UsdGeom.Xformable(moving).ComputeLocalToWorldTransform(15.0).ExtractTranslation()
    assert np.allclose(place, shot(60).position[30] - [4.0, 6.0, 0.0], atol=1e-3)
    pose = np.array(UsdGeom.Xformable(view).ComputeLocalToWorldTransform(0.0))
    ahead = [np.cos(POSE.yaw) * np.cos(POSE.pitch), np.sin(POSE.yaw) * np.cos(POSE.pitch), np.sin(POSE.pitch)]
    assert np.allclose(-pose[2, :3], ahead, atol=1e-6)
