"""What all tests share."""

from __future__ import annotations

import os

import pytest


@pytest.fixture(scope="session", autouse=True)
def _own_cache(tmp_path_factory):
    """Tests neither read nor fill the user's cache."""
    before = os.environ.get("NOCLIP_CACHE")
    os.environ["NOCLIP_CACHE"] = str(tmp_path_factory.mktemp("cache"))
    yield
    if before is None:
        del os.environ["NOCLIP_CACHE"]
    else:
        os.environ["NOCLIP_CACHE"] = before
