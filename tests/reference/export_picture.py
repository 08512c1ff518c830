"""One view three times: our clean frame, Cycles on the exported set, a web viewer on the exported baked file.

``python -m tests.reference.export_picture OUT.png``, after ``python -m tests.reference.install``. Needs npm and
Chromium as well. The web viewer shows what it finds; Cycles' radiance gets the exposure, white and tone that the files
state. Prints how far both are from the clean frame, in codes of 255, over blocks of BLOCK pixels.
"""

from __future__ import annotations

import io
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from queue import Empty, Queue
from shutil import copyfile, which

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from generator.camera.choose import Wish, choose_pose, chunk_of
from generator.camera.exposure import settled_state
from generator.camera.shoot import shoot
from generator.camera.shot import Lens, Pose
from generator.colour import LUMENS_PER_WATT
from generator.export import Views, build_region, export_level, region_around, tone_curve_of_file
from generator.files import whole
from generator.geometry import expand
from generator.geometry.level import Level
from generator.light.bake import bake
from generator.light.lightmap import Lightmap
from generator.places.verbs import floorplan, materials
from generator.render import open_renderer
from generator.scene import Scene, load_scene
from generator.sheet import contact_sheet
from generator.surface import patina
from generator.surface.material import Material

from . import install

HERE = Path(__file__).parent
SEED, MIDDLE, RADIUS_M = 6, (15.0, 15.0), 12.0
SETTINGS = (f"seed={SEED}", "plan.lamps_failing=0", "plan.blackout=0", "plan.rooms_dark=0")
"""The founding scene with its lamps steady: a file holds no flicker."""
SIZE, SHOWN_PX = (960, 720), 480
"""All three are made and clipped at twice the width at which they are shown: edges of lamps come out alike."""
SAMPLES, TEXTURE_PX, PATINA_M, FOV_DEG = 16, 1024, 0.02, 72.0
BLOCK = 12
THREE = "three@0.170.0"
LOADER = HERE.parents[1] / "examples" / "three" / "lightmapped.js"
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


def export_picture(out: Path) -> None:
    """Build, light, export, see three times, lay side by side.

    Raises RuntimeError when one of the viewers is missing or fails.
    """
    install.blender()
    scene, lens = load_scene("level0", list(SETTINGS)), Lens(float(np.radians(FOV_DEG)))
    region = region_around(*MIDDLE, RADIUS_M)
    level = build_region(scene, SEED, region)
    made = materials(level.materials, scene, TEXTURE_PX)
    lightmap = bake(level, scene.light, np.array([m.mean_albedo for m in made]), "normal")
    pose = standing(scene, lens)
    views = Views((("view", pose, lens),), None, SIZE[0] / SIZE[1])
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for profile in ("set", "baked"):
            export_level(
                level, scene, SEED, folder / f"{profile}.glb", profile=profile, lightmap=lightmap,
                views=views, region=region, materials=made, texture_px=TEXTURE_PX,
            )  # fmt: skip
        camera = tone_curve_of_file(folder / "baked.glb")
        clean = clean_frame(our_radiance(level, lightmap, made, pose, lens), level, scene)
        pictures = [clean, codes(camera.code(cycles_radiance(folder))), web_picture(folder)]
    labels = ["noclip, clean", "Cycles, imported .glb", "three.js, baked .glb"]
    for label, picture in zip(labels[1:], pictures[1:], strict=True):
        print(f"{label}: {difference(clean, picture)}")
    with whole(out) as part:
        Image.fromarray(contact_sheet(pictures, labels, 3, SHOWN_PX)).save(part, "PNG", optimize=True)


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


def difference(ours: NDArray[np.uint8], theirs: NDArray[np.uint8]) -> str:
    """Signed mean, mean and 95th percentile of the difference of blocks."""
    rows, columns = (n // BLOCK for n in ours.shape[:2])
    away = (theirs.astype(float) - ours)[: rows * BLOCK, : columns * BLOCK]
    away = away.reshape(rows, BLOCK, columns, BLOCK, 3).mean(axis=(1, 3))
    size = np.abs(away)
    return f"signed {away.mean():+.1f}, mean {size.mean():.1f}, p95 {np.percentile(size, 95):.1f} codes"


def web_picture(folder: Path, size: tuple[int, int] = SIZE, profile: str = "baked") -> NDArray[np.uint8]:
    """(H, W, 3) sRGB as three.js shows ``baked.glb`` of a folder in a headless browser. profile: of the file."""
    browser = which("chromium") or which("chromium-browser") or which("google-chrome")
    if browser is None:
        raise RuntimeError("Chromium is missing: install the package chromium")
    (folder / "three").symlink_to(three())
    copyfile(HERE / "web_view.html", folder / "index.html")
    copyfile(LOADER, folder / LOADER.name)
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
    if place != "/picture":
        raise RuntimeError(f"three.js failed: {body.decode()}")
    return np.asarray(Image.open(io.BytesIO(body)).convert("RGB"))


def three() -> Path:
    """The folder of three.js, installed by npm where it is missing."""
    package = install.NODE / "node_modules" / "three"
    if not package.is_dir():
        command = ["npm", "install", "--prefix", str(install.NODE), "--no-fund", "--no-audit", "--silent", THREE]
        subprocess.run(command, check=True)
    return package


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


if __name__ == "__main__":
    export_picture(Path(sys.argv[1]))
