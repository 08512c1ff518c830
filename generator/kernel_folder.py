"""Where compiled kernels are kept: beside the code, else in a folder of the user's, else for this run alone.

Numba refuses to start where it can keep nothing. What it keeps it runs, so no folder is taken that others may write to.
"""

from __future__ import annotations

import atexit
import os
import shutil
import stat
import tempfile
from collections.abc import Mapping
from pathlib import Path

from .files import is_writable

VARIABLE = "NUMBA_CACHE_DIR"
LOCATORS = "NUMBA_CACHE_LOCATOR_CLASSES"
OURS = ",".join(f"{__package__}.kernel_stamp.{name}" for name in ("AskedFor", "BesideCode", "OfUser"))
"""What keeps our kernels, in Numba's own order."""
NUMBAS = "UserProvidedCacheLocator,InTreeCacheLocator,UserWideCacheLocator,IPythonCacheLocator,ZipCacheLocator"
"""What keeps everybody else's. Source: numba.core.caching, CacheImpl."""
ONE_RUN = "noclip-kernels-"
"""What the name of a folder for one run begins with."""


def settle(package: Path, environment: Mapping[str, str]) -> str | None:
    """The folder that kernels must be kept in, and that is made; None where Numba finds one by itself.

    package: the folder of the code; environment: this process's. Looks at Numba's own places, beside the code and in
    the user's cache folder, then at a folder of the user's own under NOCLIP_CACHE, then makes one for this run.
    """
    if environment.get(VARIABLE) or is_writable(package) or is_writable(_numbas(environment)):
        return None
    shared = environment.get("NOCLIP_CACHE")
    if shared and (own := _own_folder(Path(shared) / f"kernels-{_user()}")):
        return str(own)
    folder = tempfile.mkdtemp(prefix=ONE_RUN)
    atexit.register(_remove, folder, os.getpid())
    return folder


def locators(others: str | None) -> str:
    """Name what finds a kernel's place and stamp: ours before ``others``, or before Numba's own where none are set."""
    return others if others and others.startswith(OURS) else f"{OURS},{others or NUMBAS}"


def for_one_run(environment: Mapping[str, str]) -> bool:
    """Are kernels compiled anew on every run, for want of a folder to keep them in?"""
    return Path(environment.get(VARIABLE, "")).name.startswith(ONE_RUN)


def _numbas(environment: Mapping[str, str]) -> Path:
    """Numba's folder for a user. Source: numba.core.caching, UserWideCacheLocator."""
    if os.name == "nt":
        return Path(environment.get("LOCALAPPDATA") or "~").expanduser() / "numba"
    cache = environment.get("XDG_CACHE_HOME") or os.path.join(os.path.expanduser("~"), ".cache")
    return Path(cache) / "numba"


def _own_folder(folder: Path) -> Path | None:
    """A folder that this user alone may write to, made where it is missing; None where there can be none."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        status = folder.lstat()
    except OSError:
        return None
    own = stat.S_ISDIR(status.st_mode) and (os.name == "nt" or (status.st_uid, status.st_mode & 0o022) == (_user(), 0))
    return folder if own and os.access(folder, os.W_OK | os.X_OK) else None


def _user() -> int:
    return os.getuid() if hasattr(os, "getuid") else 0


def _remove(folder: str, owner: int) -> None:
    """Remove the folder of one run, at the end of the process that made it."""
    if os.getpid() == owner:
        shutil.rmtree(folder, ignore_errors=True)
