"""The program under signals, streams that are full or closed, and folders with foreign code in them."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from generator import precompile
from generator.child import SAFE, python_command
from generator.errors import LONGEST_LINE, one_line, shown
from generator.progress import Progress

NOCLIP = [sys.executable, "-m", "generator"]
ROOT = Path(__file__).resolve().parents[1]
posix = pytest.mark.skipif(sys.platform == "win32", reason="signals and devices of POSIX")


def run(*args: str, **more) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*NOCLIP, *args], text=True, capture_output=True, timeout=120, **more)


def plant(folder: Path, *names: str) -> Path:
    """Modules that tell that they ran; the file that tells it."""
    mark = folder / "ran"
    for name in names:
        (folder / f"{name}.py").write_text(f"open({str(mark)!r}, 'w').close()\nraise SystemExit(9)\n")
    return mark


def test_a_python_of_our_own_imports_nothing_from_the_current_folder(tmp_path):
    mark = plant(tmp_path, "numba", "numpy", "generator", "json", "socket")
    command = python_command("import json, socket, numpy, generator; print(generator.__file__)")
    done = subprocess.run(command, cwd=tmp_path, text=True, capture_output=True)
    assert (done.returncode, mark.exists()) == (0, False), done.stderr
    assert Path(done.stdout.strip()) == ROOT / "generator" / "__init__.py"


def test_the_precompiling_process_is_such_a_python(tmp_path, monkeypatch):
    asked = []

    def started(command, **more):
        asked.append(command)
        raise FileNotFoundError

    monkeypatch.setenv("NOCLIP_CACHE", str(tmp_path))
    monkeypatch.setattr(os, "cpu_count", lambda: 2)
    monkeypatch.setattr(precompile.subprocess, "Popen", started)
    with pytest.raises(FileNotFoundError), precompile.precompiling(Progress()):
        pass
    assert asked[0][:2] == python_command("")[:2]


def test_a_films_workers_are_started_as_such(monkeypatch):
    from generator import workers

    def started(count, make_cache):
        assert {name: os.environ.get(name) for name in SAFE} == SAFE
        raise FileNotFoundError

    monkeypatch.setattr(workers, "Workers", started)
    with pytest.raises(FileNotFoundError), workers.working(1):
        pass


@pytest.mark.slow
def test_a_films_workers_import_nothing_from_the_current_folder(tmp_path):
    mark = plant(tmp_path, "numba", "numpy", "socket", "signal", "tempfile", "struct")
    code = (
        "from generator.workers import working\n"
        "import multiprocessing\n"
        "def main():\n"
        "    with working(1) as pool:\n"
        "        pass\n"
        "if __name__ == '__main__':\n"
        "    main()\n"
    )
    script = tmp_path / "elsewhere" / "start.py"
    script.parent.mkdir()
    script.write_text(code)
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    environment.pop(next(iter(SAFE)), None)
    done = subprocess.run([sys.executable, str(script)], cwd=tmp_path, text=True, capture_output=True, env=environment)
    assert (done.returncode, done.stderr, mark.exists()) == (0, "", False)


ENDLESS = """
import sys
from generator.workers import working
from tests.film_workers import sleep_for_ever

if __name__ == "__main__":
    with working(2) as pool:
        for job in (0, 1):
            pool.submit(sleep_for_ever, job)
        pids = [process.pid for process in pool._processes.values()]
        print(*pids, flush=True)
        sys.stdin.read()
"""


@posix
@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_workers_end_quietly_when_the_process_that_started_them_is_ended(tmp_path, number):
    script = tmp_path / "start.py"
    script.write_text(ENDLESS)
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    pipe = subprocess.PIPE
    with subprocess.Popen(
        [sys.executable, str(script)], stdin=pipe, stdout=pipe, stderr=pipe, text=True, env=environment
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        pids = [int(text) for text in process.stdout.readline().split()]
        time.sleep(5)
        process.send_signal(number)
        assert process.stderr.read() == ""
    ended_by = time.monotonic() + 10
    while any(Path(f"/proc/{pid}").exists() for pid in pids) and time.monotonic() < ended_by:
        time.sleep(0.05)
    assert not any(Path(f"/proc/{pid}").exists() for pid in pids)


@posix
@pytest.mark.parametrize("after_s", [0.1, *(pytest.param(0.05 * k, marks=pytest.mark.slow) for k in range(10))])
def test_ctrl_c_however_early_exits_130_without_a_traceback(tmp_path, after_s):
    with subprocess.Popen([*NOCLIP, "scenes"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        waited_for(process, after_s)
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=60)
    assert process.returncode in (0, 130)
    assert err in ("", "noclip: interrupted\n")


CAUGHT_WHILE_IMPORTING = """
import functools, importlib._bootstrap as importer, signal, sys, time, types
import generator.__main__ as program
def command(end):
    signal.signal(signal.SIGINT, end)
    lock = importer._get_module_lock("noclip")
    interrupt = functools.partial(signal.raise_signal, signal.SIGINT)
    importer._imp = types.SimpleNamespace(acquire_lock=interrupt, release_lock=int)
    del lock
    time.sleep(20)
program._command = command
sys.exit(program.main())
"""


@posix
def test_ctrl_c_in_the_midst_of_an_import_is_heard_and_quiet():
    done = subprocess.run([sys.executable, "-c", CAUGHT_WHILE_IMPORTING], capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stderr) == (130, "")


def waited_for(process: subprocess.Popen, seconds: float) -> None:
    """Wait until the program's own code runs (it has set up Ctrl-C), and so long after."""
    caught = 1 << (signal.SIGTERM - 1)
    status = Path(f"/proc/{process.pid}/status")
    while status.exists() and process.poll() is None:
        line = next((line for line in status.read_text().splitlines() if line.startswith("SigCgt:")), "SigCgt: 0")
        if int(line.split()[1], 16) & caught:
            break
        time.sleep(0.002)
    time.sleep(seconds)


@posix
@pytest.mark.slow
@pytest.mark.parametrize("number, code", [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_that_comes_twice_leaves_nothing_and_says_so_once(tmp_path, number, code):
    command = [*NOCLIP, "map", "--region", "0,0,400,400", "-o", "a.svg"]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    with subprocess.Popen(command, cwd=tmp_path, stderr=subprocess.PIPE, text=True, env=environment) as process:
        assert process.stderr is not None
        process.stderr.readline()
        process.send_signal(number)
        time.sleep(0.02)
        process.send_signal(number)
        err = process.stderr.read()
        process.wait(timeout=60)
    assert process.returncode == code
    assert err in ("", "noclip: interrupted\n")
    assert list(tmp_path.iterdir()) == []


def test_ctrl_c_in_a_compiled_kernel_is_ctrl_c(monkeypatch, capsys):
    """Numba returns a result with the exception set, which Python makes a SystemError of."""
    from generator import cli

    def interrupted(**asked):
        raise SystemError("a result with an exception set") from KeyboardInterrupt()

    monkeypatch.setattr(cli, "app", interrupted)
    assert cli.main(["scenes"]) == 130
    assert capsys.readouterr().err == "noclip: interrupted\n"


@posix
def test_standard_output_that_is_full_is_one_line():
    with open("/dev/full", "w") as full:
        done = subprocess.run([*NOCLIP, "scenes"], stdout=full, stderr=subprocess.PIPE, text=True)
    assert (done.returncode, done.stderr) == (2, "noclip: standard output: No space left on device\n")


@posix
@pytest.mark.parametrize("closing", [">&-", "2>&-", ">&- 2>&-", "2>/dev/full", "| true"])
def test_streams_that_are_closed_or_full_give_no_traceback(closing):
    line = f"{sys.executable} -m generator scenes --show level0 {closing}"
    done = subprocess.run(["bash", "-o", "pipefail", "-c", line], text=True, capture_output=True)
    assert done.returncode in (0, 1)
    assert done.stderr == ""


@posix
def test_a_name_that_is_no_text_is_named_as_the_bytes_that_it_is(tmp_path):
    name = os.fsencode(tmp_path) + b"/sc\xe9ne.toml"
    Path(os.fsdecode(name)).write_text("nonsense = 1")
    done = subprocess.run([*NOCLIP, "scenes", "--show", os.fsdecode(name)], capture_output=True)
    assert done.returncode == 2
    assert name in done.stderr
    assert done.stderr.count(b"\n") == 1


def test_bare_noclip_prints_its_help():
    done = run()
    assert done.returncode == 0
    assert "Usage: noclip" in done.stdout
    assert len(done.stdout.splitlines()) > 10


def test_messages_are_one_short_line_without_marks_that_turn_the_text():
    assert one_line("a\n\u202eb\x1b[2J c") == "a \\u202eb\\x1b[2J c"
    assert len(one_line("x" * 100_000)) == LONGEST_LINE + 1
    assert shown("a\u202e") == "'a\\u202e'"
    assert len(shown("x" * 100_000)) < 100


def test_a_process_forked_from_one_that_drew_through_opengl_says_so_and_hangs_not(monkeypatch):
    from generator.render import gl_info

    if "none" in gl_info():
        return  # nothing here can hang
    from generator.render import gl

    monkeypatch.setattr(gl, "LOADED_BY", os.getpid() + 1)
    assert "'spawn'" in gl_info()["none"]
