"""What is seen of an exported file: by our ray tracer and camera, by Cycles, and by web viewers.

Cycles needs ``python -m tests.reference.install``; web viewers need npm and Chromium.
"""

from __future__ import annotations

import io
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from queue import Empty, Queue
from shutil import copyfile

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from generator.camera.choose import Wish, choose_pose, chunk_of
from generator.camera.exposure import settled_state
from generator.camera.shoot import shoot
from generator.camera.shot import Lens, Pose
from generator.colour import LUMENS_PER_WATT
from generator.geometry import expand
from generator.geometry.level import Level
from generator.light.lightmap import Lightmap
from generator.places.verbs import floorplan
from generator.render import open_renderer
from generator.scene import Scene
from generator.surface import patina
from generator.surface.material import Material

from . import install

HERE = Path(__file__).parent
SEED, MIDDLE, RADIUS_M = 6, (15.0, 15.0), 12.0
SETTINGS = (f"seed={SEED}", "plan.lamps_failing=0", "plan.blackout=0", "plan.rooms_dark=0")
"""The founding scene with its lamps steady: a file holds no flicker."""
SIZE, SHOWN_PX = (960, 720), 480
"""All are made and clipped at twice the width at which they are shown: edges of lamps come out alike."""
SAMPLES, TEXTURE_PX, PATINA_M, FOV_DEG = 16, 1024, 0.02, 72.0
WEB = ("three@0.170.0", "@babylonjs/core@9.35.0", "@babylonjs/loaders@9.28.0")
LOADERS = HERE.parents[1] / "examples" / "three"
CHROMIUM = (
    "--headless",
    "--no-sandbox",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
"""A page drawn without a GPU, by a browser that asks the network for nothing else."""
PATIENCE_S = 120.0


def standing(scene: Scene, lens: Lens) -> Pose:
    """Where a still of the scene would be taken from, in the middle of the region."""
    i, j = chunk_of(*MIDDLE)
    plan = floorplan(scene, SEED, (i - 1, j - 1, i + 2, j + 2))
    return choose_pose(plan, SEED, Wish(at=MIDDLE), lens.fov)[0]


def our_radiance(
    level: Level, lightmap: Lightmap, made: tuple[Material, ...], pose: Pose, lens: Lens,
    seed: int = SEED, size: tuple[int, int] = SIZE,
) -> NDArray[np.float32]:  # fmt: skip
    """(H, W, 3) as our ray tracer sees the level."""
    mesh, _ = expand(level)
    worn = patina(mesh, level, seed, np.full(len(mesh.chart_origin), PATINA_M))
    with open_renderer("embree", level, lightmap, worn, made, "final") as renderer:
        return renderer.draw(pose, lens, size).radiance


def cycles_radiance(folder: Path) -> NDArray[np.float32]:
    """(H, W, 3) W·sr⁻¹·m⁻² as Cycles sees the imported set, whose importer leaves emission in cd/m²."""
    out = folder / "cycles.npy"
    asked = [str(folder / "set.glb"), "view", *map(str, SIZE), str(SAMPLES), str(out)]
    command = [str(install.blender()), str(HERE / "cycles_view.py"), "--", *asked]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"Cycles failed: {done.stderr[-2000:]}")
    return np.load(out) / np.float32(LUMENS_PER_WATT)


def clean_frame(radiance: NDArray[np.float32], level: Level, scene: Scene) -> NDArray[np.uint8]:
    """(H, W, 3) as the scene's camera shoots it, metered through its own lens, before any tape."""
    lamp = level.lamps.radiance[level.lamps.radiance.any(axis=1)].mean(axis=0)
    state = settled_state(radiance, scene.camera, tuple(lamp))
    return codes(shoot(radiance, scene.camera, state, SEED, 0, display=False))


def codes(video: NDArray[np.float32]) -> NDArray[np.uint8]:
    """(H, W, 3) bytes of R'G'B'."""
    return np.clip(np.rint(video * 255.0), 0, 255).astype(np.uint8)


def web_picture(
    folder: Path, size: tuple[int, int] = SIZE, profile: str = "baked", page: str = "web_view.html"
) -> NDArray[np.uint8]:
    """(H, W, 3) sRGB as a web viewer shows ``baked.glb`` of a folder in a headless browser.

    profile: of the file. page: that of three.js, or ``babylon_view.html``.
    """
    return np.asarray(Image.open(io.BytesIO(posted_by(folder, size, profile, page))).convert("RGB"))


def posted_by(folder: Path, size: tuple[int, int], profile: str, page: str) -> bytes:
    """Open a page of this folder over a file's folder, and give what it posts.

    Raises RuntimeError when there is no browser, or no answer but an error.
    """
    browser = install.browser()
    modules = folder / "modules"
    if not modules.exists():
        modules.symlink_to(web_modules())
    copyfile(HERE / page, folder / "index.html")
    for loader in LOADERS.glob("*.js"):
        copyfile(loader, folder / loader.name)
    with served(folder) as (port, posted), tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as home:
        address = f"http://127.0.0.1:{port}/index.html?width={size[0]}&height={size[1]}&camera=view&profile={profile}"
        command = [browser, *CHROMIUM, f"--user-data-dir={home}", address]
        running = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            place, body = posted.get(timeout=PATIENCE_S)
        except Empty:
            raise RuntimeError(f"Chromium showed nothing within {PATIENCE_S:g} s") from None
        finally:
            running.terminate()
            running.wait()
    if place == "/error":
        raise RuntimeError(f"{page} failed: {body.decode()}")
    return body


def web_modules() -> Path:
    """The folder of the web viewers' modules, installed by npm where they are missing."""
    modules = install.NODE / "node_modules"
    missing = [name for name in WEB if not (modules / name.rpartition("@")[0]).is_dir()]
    if missing:
        command = ["npm", "install", "--prefix", str(install.NODE), "--no-fund", "--no-audit", "--silent", *missing]
        subprocess.run(command, check=True)
    return modules


class _Handler(SimpleHTTPRequestHandler):
    """Serves a folder, and keeps what a page posts as (path, body)."""

    def __init__(self, *args, posted: Queue[tuple[str, bytes]], **options) -> None:
        self.posted = posted
        super().__init__(*args, **options)

    def do_POST(self) -> None:
        """Keep a page's message."""
        self.posted.put((self.path, self.rfile.read(int(self.headers["Content-Length"]))))
        self.send_response(204)
        self.end_headers()

    def log_message(self, *args) -> None:
        """Silent."""


@contextmanager
def served(folder: Path) -> Iterator[tuple[int, Queue[tuple[str, bytes]]]]:
    """A folder on this machine's loopback: the port, and what pages post."""
    posted: Queue[tuple[str, bytes]] = Queue()
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(_Handler, directory=str(folder), posted=posted)) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield server.server_port, posted
        finally:
            server.shutdown()
