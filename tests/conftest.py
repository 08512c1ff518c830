"""What all tests share."""

from __future__ import annotations

import os

import pytest


def pytest_addoption(parser):
    parser.addoption("--no-skips", action="store_true", help="a skipped test is a failed one")
    parser.addoption("--soak", action="store_true", help="random faults in their full number")
    parser.addoption(
        "--golden",
        choices=("near", "exact", "write"),
        default="near",
        help="golden frames: within one code value, without any difference, or made anew",
    )


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    """Where everything is installed nothing may be left out; a known failure is not a skip."""
    report = yield
    if report.skipped and not hasattr(report, "wasxfail") and item.config.getoption("--no-skips"):
        report.outcome = "failed"
        report.longrepr = f"skipped where nothing may be: {call.excinfo and call.excinfo.value}"
    return report


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
