"""The command: what it writes, what it says, and how it fails."""

from __future__ import annotations

import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from generator.cli import main
from generator.errors import NoclipError
from generator.files import check_writable, whole
from generator.progress import Progress
from generator.recipe import read_recipe

TINY = ["--size", "64x48", "--quality", "draft", "--renderer", "embree"]


@pytest.fixture(scope="module")
def taken(tmp_path_factory) -> Path:
    """A small picture that ``noclip still`` took."""
    path = tmp_path_factory.mktemp("still") / "a.png"
    assert main(["still", "--seed", "3", *TINY, "-o", str(path), "--radiance", str(path.with_suffix(".npy"))]) == 0
    return path


def run(capsys, *args: str) -> tuple[int, list[str], list[str]]:
    code = main(list(args))
    out, err = capsys.readouterr()
    return code, out.splitlines(), err.splitlines()


def test_still_is_a_picture_of_the_size_asked_for(taken):
    with Image.open(taken) as image:
        assert (image.size, image.mode, image.format) == ((64, 48), "RGB", "PNG")
        spread = np.asarray(image.convert("L"), np.float64)
    assert 20 < spread.mean() < 220
    assert spread.std() > 8


def test_radiance_is_linear_and_finite(taken):
    radiance = np.load(taken.with_suffix(".npy"))
    assert (radiance.shape, radiance.dtype) == ((48, 64, 3), np.float32)
    assert np.isfinite(radiance).all()
    assert (radiance >= 0).all()
    assert radiance.max() > 0.1


@pytest.mark.parametrize("fresh", [False, True], ids=["from the cache", "anew"])
def test_picture_makes_itself_again_byte_for_byte(taken, tmp_path, capsys, monkeypatch, fresh):
    if fresh:
        monkeypatch.setenv("NOCLIP_CACHE", str(tmp_path / "cache"))
    again = tmp_path / "again.png"
    code, out, err = run(capsys, "still", str(taken), "-o", str(again))
    assert (code, out) == (0, [str(again)])
    assert again.read_bytes() == taken.read_bytes()
    assert [line.split()[0] for line in err][-2:] == ["render", "camera"]
    assert all(line.endswith(" s") for line in err)


def test_recipe_tells_scene_seed_pose_and_version(taken):
    recipe = read_recipe(taken)
    assert recipe["scene"]["seed"] == 3
    assert recipe["scene"]["render"]["width_px"] == 64
    assert set(recipe["pose"]) == {"origin", "position", "yaw", "pitch", "roll"}
    assert recipe["version"]


def test_place_inside_a_wall_is_moved_with_a_warning(taken, tmp_path, capsys):
    from generator.places.verbs import floorplan
    from generator.scene import load_scene

    wall = floorplan(load_scene("level0"), 3, (0, 0, 1, 1)).wall_xy[0]
    x, y = (wall[:2] + wall[2:]) / 2
    path = tmp_path / "b.png"
    code, out, err = run(capsys, "still", *TINY, "--seed", "3", "--at", f"{x:.4f},{y:.4f}", "-o", str(path))
    assert (code, out) == (0, [str(path)])
    assert any("warning" in line and "nearest free place" in line for line in err)


@pytest.mark.parametrize(
    "args, words",
    [
        (["still", "levl0"], "did you mean 'level0'"),
        (["still", "--size", "15x480"], "16 to 8192 px"),
        (["still", "--size", "8193x480"], "16 to 8192 px"),
        (["still", "--size", "big"], "WxH"),
        (["still", "--at", "1"], "X,Y"),
        (["still", "--at", "nan,1"], "X,Y"),
        (["still", "--seeds", "3:3"], "A:B"),
        (["still", "--seeds", "0:2", "-o", "x.png"], "{seed}"),
        (["still", "--seed", "1", "--seeds", "0:2"], "not both"),
        (["still", "--seed", "one"], "--seed"),
        (["still", "--pitch", "90"], "view.pitch_deg"),
        (["still", "--set", "tape.nose=1"], "did you mean 'tape.noise'"),
        (["still", "--renderer", "vulkan"], "auto, opengl, embree"),
        (["still", "--tape", "betamax"], "tape.profile"),
        (["still", "-o", "x.jpg"], ".png"),
        (["still", "--radiance", "x.exr"], ".npy"),
        (["still", "-o", "no/such/folder/x.png"], "does not exist"),
        (["still", "--nonsense"], "--nonsense"),
        (["stil"], "stil"),
        (["scenes", "--show", "levle0"], "did you mean 'level0'"),
    ],
)
def test_mistakes_are_one_line_and_exit_2_and_write_nothing(args, words, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    code, out, err = run(capsys, *args)
    assert (code, out, len(err)) == (2, [], 1)
    assert err[0].startswith("noclip: ")
    assert words in err[0]
    assert list(tmp_path.iterdir()) == []


def test_folder_as_output_is_refused(tmp_path, capsys):
    (tmp_path / "a.png").mkdir()
    assert "folder" in run(capsys, "still", "-o", str(tmp_path / "a.png"))[2][0]


def test_folder_that_cannot_be_written_is_refused_before_any_work(tmp_path):
    (tmp_path / "file").write_text("x")
    with pytest.raises(NoclipError, match="does not exist"):
        check_writable(tmp_path / "file" / "a.png")
    with pytest.raises(NoclipError, match="cannot be written"):
        check_writable(tmp_path / ("n" * 300 + ".png"))


def test_scenes_are_listed_and_shown_ready_to_edit(tmp_path, capsys):
    code, out, _ = run(capsys, "scenes")
    assert code == 0
    assert out[0].startswith("level0 ")
    code, shown, _ = run(capsys, "scenes", "--show", "level0")
    assert code == 0
    path = tmp_path / "mine.toml"
    path.write_text("\n".join(shown), encoding="utf-8")
    assert run(capsys, "scenes", "--show", str(path))[1] == shown


def test_doctor_names_the_renderer_and_the_cache(capsys):
    code, out, _ = run(capsys, "doctor")
    lines = {line.split("  ")[0].strip(): line for line in out}
    assert code == 0
    assert {"noclip", "python", "opengl", "auto takes", "cache"} <= set(lines)
    assert "embree for stills, " in lines["auto takes"]
    assert lines["auto takes"].endswith(("opengl for films", "embree for films"))


def test_version_and_help_import_nothing_heavy():
    code = (
        "import sys; from generator.cli import main; main(['--help']); main(['still', '--help']);"
        "print(sorted({'numpy', 'scipy', 'numba', 'trimesh', 'PIL'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


def test_a_still_imports_no_library_that_it_can_do_without():
    code = (
        "import sys, generator.still, generator.render.embree;"
        "print(sorted({'pyrender', 'trimesh', 'networkx', 'scipy.signal', 'scipy.stats', 'scipy.spatial', 'scipy.fft',"
        "'scipy.ndimage', 'av', 'PIL'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGINT for one process")
def test_interrupt_exits_130_and_leaves_nothing(tmp_path):
    command = [sys.executable, "-m", "generator", "still", *TINY, "-o", str(tmp_path / "a.png")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        assert process.stderr.readline().startswith("view")
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)
    assert (process.returncode, out) == (130, "")
    assert err.splitlines()[-1] == "noclip: interrupted"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("layers", [1, 2, 3])
def test_an_interrupt_in_a_compiled_kernel_is_one_however_deep_it_lies(monkeypatch, capsys, layers):
    cause: BaseException = KeyboardInterrupt()
    for _ in range(layers):
        error = SystemError("returned a result with an exception set")
        error.__cause__ = cause
        cause = error

    def broken(**how):
        raise cause

    monkeypatch.setattr("generator.cli.app", broken)
    code, out, err = run(capsys, "scenes")
    assert (code, out, err) == (130, [], ["noclip: interrupted"])


def test_file_appears_whole_or_not_at_all(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text("old")
    with suppress(KeyboardInterrupt), whole(path) as part:
        part.write_text("half")
        raise KeyboardInterrupt
    assert path.read_text() == "old"
    with whole(path) as part:
        part.write_text("new")
        assert path.read_text() == "old"
    assert path.read_text() == "new"
    assert [p.name for p in tmp_path.iterdir()] == ["a.txt"]


def test_writing_that_fails_is_a_clear_error(tmp_path):
    with pytest.raises(NoclipError, match="cannot write"), whole(tmp_path / "gone" / "a.txt") as part:
        part.write_text("x")


class Terminal:
    def __init__(self, tty: bool) -> None:
        self.text, self._tty = "", tty

    def isatty(self) -> bool:
        return self._tty

    def write(self, text: str) -> None:
        self.text += text

    def flush(self) -> None: ...


def test_progress_moves_on_a_terminal_only():
    for tty in (True, False):
        out = Terminal(tty)
        progress = Progress(out)
        with progress.stage("light"):
            progress.share(0.5)
        assert ("50%" in out.text) is tty
        assert ("\r" in out.text) is tty
        assert out.text.count("\n") == 1
    Progress().warn("nobody hears this")


def test_progress_tells_the_time_left(monkeypatch):
    now = [100.0]
    monkeypatch.setattr("time.perf_counter", lambda: now[0])
    out = Terminal(True)
    progress = Progress(out)
    with progress.stage("light"):
        assert "left" not in out.text
        now[0] += 6.0
        progress.share(0.25)
    assert " 25% [#####...............] 18 s left" in out.text
