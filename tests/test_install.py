"""Installs that cannot be written, users without a home, two users of one cache: it works, and says what is lost."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from generator import cache, kernel_folder
from generator.files import is_writable
from generator.kernel_folder import ONE_RUN, VARIABLE, for_one_run, settle

ROOT = Path(__file__).resolve().parents[1]
posix = pytest.mark.skipif(sys.platform == "win32", reason="permissions of POSIX")


@pytest.fixture
def nothing_writable(monkeypatch, tmp_path):
    """Only what lies in ``tmp_path/open`` can be written."""
    monkeypatch.setattr(kernel_folder, "is_writable", lambda folder: False)
    monkeypatch.setattr(kernel_folder.tempfile, "tempdir", str(tmp_path))
    return tmp_path


def test_where_numba_finds_a_place_it_is_left_alone(tmp_path):
    assert settle(tmp_path, {}) is None
    assert settle(Path("/nonexistent/package"), {"XDG_CACHE_HOME": str(tmp_path)}) is None
    assert settle(Path("/nonexistent/package"), {VARIABLE: "/anywhere"}) is None


def test_where_nothing_can_be_kept_kernels_are_kept_for_one_run(nothing_writable):
    folder = settle(Path("/nonexistent"), {})
    assert folder is not None
    assert Path(folder).parent == nothing_writable
    assert for_one_run({VARIABLE: folder})
    kernel_folder._remove(folder, os.getpid() + 1)
    assert Path(folder).is_dir()
    kernel_folder._remove(folder, os.getpid())
    assert not Path(folder).exists()


@posix
def test_kernels_of_a_shared_cache_lie_in_a_folder_that_is_the_users_alone(nothing_writable):
    environment = {"NOCLIP_CACHE": str(nothing_writable / "shared")}
    own = Path(settle(Path("/nonexistent"), environment) or "")
    assert own.parent == nothing_writable / "shared"
    assert own.stat().st_mode & 0o777 == 0o700
    assert not for_one_run({VARIABLE: str(own)})


@posix
@pytest.mark.parametrize("planted", ["others may write", "a link", "a file"])
def test_a_folder_of_kernels_that_others_could_have_filled_is_not_taken(nothing_writable, planted):
    shared = nothing_writable / "shared"
    shared.mkdir()
    folder = shared / f"kernels-{os.getuid()}"
    if planted == "a file":
        folder.write_text("")
    elif planted == "a link":
        (nothing_writable / "theirs").mkdir()
        folder.symlink_to(nothing_writable / "theirs")
    else:
        folder.mkdir()
        folder.chmod(0o777)
    taken = settle(Path("/nonexistent"), {"NOCLIP_CACHE": str(shared)}) or ""
    assert taken.startswith(str(nothing_writable / ONE_RUN))


def test_a_user_without_a_home_has_no_cache_in_the_current_folder(monkeypatch):
    monkeypatch.delenv("NOCLIP_CACHE", raising=False)
    monkeypatch.setattr(cache.platformdirs, "user_cache_dir", lambda *args, **more: "~/.cache/noclip")
    assert cache.cache_folder().is_absolute()
    assert not cache.cache_folder().is_relative_to(Path.cwd())


def test_a_folder_that_can_be_made_can_be_written(tmp_path):
    (tmp_path / "file").write_text("")
    assert is_writable(tmp_path / "a" / "b")
    assert not is_writable(tmp_path / "file" / "b")
    assert not is_writable(Path("relative"))


def test_the_size_of_the_cache_is_a_size(monkeypatch):
    for text, size in (("", 4 * 2**30), ("4G", 4 * 2**30), ("500 MiB", 500 * 2**20), ("1000", 1000), ("2kb", 2048)):
        monkeypatch.setenv("NOCLIP_CACHE_LIMIT", text)
        assert cache.stats().limit_bytes == size
    for text in ("4 gigs", "-1", "1e9", "NaN", "9" * 30, "x" * 100_000):
        monkeypatch.setenv("NOCLIP_CACHE_LIMIT", text)
        with pytest.raises(cache.NoclipError, match="NOCLIP_CACHE_LIMIT") as caught:
            cache.stats()
        assert len(str(caught.value)) < 300


def without_rights(*command: str) -> list[str]:
    """A command as somebody whom permissions bind: root is not bound by them otherwise."""
    if os.getuid() != 0:
        return list(command)
    setpriv = shutil.which("setpriv")
    if setpriv is None:
        pytest.skip("root without setpriv")
    rights = "-dac_override,-dac_read_search,-fowner"
    return [setpriv, f"--inh-caps={rights}", f"--bounding-set={rights}", *command]


@pytest.fixture
def read_only(tmp_path):
    """A copy of the package that cannot be written, and a home that cannot."""
    package = tmp_path / "site" / "generator"
    shutil.copytree(ROOT / "generator", package, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(ROOT / "scenes", package / "scenes")
    home = tmp_path / "home"
    home.mkdir()
    (tmp_path / "out").mkdir()
    folders = [home, *(path for path in package.rglob("*") if path.is_dir()), package, package.parent]
    for folder in folders:
        folder.chmod(0o555)
    yield package.parent
    for folder in folders:
        folder.chmod(0o755)


@posix
@pytest.mark.slow
def test_a_read_only_install_without_a_home_works_says_what_is_lost_and_leaves_nothing(read_only):
    base = read_only.parent
    environment = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}
    environment |= {"HOME": str(base / "home"), "PYTHONPATH": str(read_only), "TMPDIR": str(base / "out")}

    def run(*args: str, **more: str) -> subprocess.CompletedProcess[str]:
        command = without_rights(sys.executable, "-m", "generator", *args)
        return subprocess.run(command, env=environment | more, cwd=base / "out", text=True, capture_output=True)

    drawn = run("map", "--region", "0,0,20,20", "-o", "a.svg")
    assert drawn.returncode == 0, drawn.stderr
    assert drawn.stderr.count("NOCLIP_CACHE") == 1
    assert sorted(path.name for path in (base / "out").iterdir()) == ["a.svg"]
    told = run("doctor").stdout
    assert "nothing is kept between runs" in told
    assert "compiled anew on every run" in told
    again = run("map", "--region", "0,0,20,20", "-o", "b.svg", NOCLIP_CACHE=str(base / "out" / "cache"))
    assert (again.returncode, "NOCLIP_CACHE" in again.stderr) == (0, False), again.stderr
    assert list((base / "out" / "cache").glob("kernels-*/*/*.nbi"))
    assert (base / "out" / "a.svg").read_bytes() == (base / "out" / "b.svg").read_bytes()
    assert list((base / "home").iterdir()) == []


def test_a_size_that_is_none_is_refused_before_any_work(tmp_path, monkeypatch, capsys):
    from generator.cli import main

    monkeypatch.setenv("NOCLIP_CACHE_LIMIT", "lots")
    assert main(["map", "-o", str(tmp_path / "a.svg")]) == 2
    assert capsys.readouterr().err.startswith("noclip: NOCLIP_CACHE_LIMIT='lots'")
    assert list(tmp_path.iterdir()) == []
