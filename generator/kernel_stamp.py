"""Stamps that tell whether a kept kernel is still that of the code: they see constants and callees of other files.

Numba compares a kept kernel with its own file alone. Here a file is stamped with all that its kernels can take from
elsewhere: constants by value, compiled callees by the stamp of their file, modules of ours likewise. So a kernel is
compiled anew when its file changes, or a file that it was compiled from; another edit leaves it as it is.
"""

from __future__ import annotations

import hashlib
import os
import sys
from enum import Enum
from functools import cache
from pathlib import Path
from types import FunctionType, ModuleType
from typing import Any

import numpy as np
from numba.core.caching import InTreeCacheLocator, UserProvidedCacheLocator, UserWideCacheLocator
from numba.core.dispatcher import Dispatcher

PACKAGE = f"{__package__}."
PLAIN = bool | int | float | complex | str | bytes | np.generic
"""Values that are their own text."""


class _Stamped:
    """What our locators have before Numba's own: they serve this package's kernels, and stamp them by ``stamp``."""

    def __init__(self, py_func: FunctionType, py_file: str) -> None:
        super().__init__(py_func, py_file)  # type: ignore[call-arg]
        self._module = py_func.__module__

    @classmethod
    def from_function(cls, py_func: FunctionType, py_file: str) -> Any:
        """Locate a kernel's folder; None where the kernel is none of ours, or nothing can be kept there."""
        ours = py_func.__module__.startswith(PACKAGE)
        return super().from_function(py_func, py_file) if ours else None  # type: ignore[misc]

    def get_source_stamp(self) -> bytes:
        """Stamp the file of the kernel."""
        return stamp(self._module)


class AskedFor(_Stamped, UserProvidedCacheLocator):
    """Kernels in the folder that NUMBA_CACHE_DIR names."""


class BesideCode(_Stamped, InTreeCacheLocator):
    """Kernels beside the code."""


class OfUser(_Stamped, UserWideCacheLocator):
    """Kernels in the user's cache folder."""


def stamp(module: str) -> bytes:
    """Stamp the kernels of a loaded module of this package (16 bytes).

    Those of the module's names count that are there when it is first asked about: what it imports, not what follows.
    """
    path = sys.modules[module].__file__ or ""
    status = os.stat(path)
    return _stamp(module, path, status.st_mtime_ns, status.st_size)


@cache
def _stamp(module: str, path: str, _mtime_ns: int, _size: int) -> bytes:
    digest = hashlib.blake2b(Path(path).read_bytes(), digest_size=16)
    for name, value in sorted(vars(sys.modules[module]).items()):
        if not name.startswith("__"):
            digest.update(repr((name, _content(value, module))).encode())
    return digest.digest()


def _content(value: Any, home: str) -> Any:
    """What of a module's value can get into machine code, as a text or lists of texts; None of what cannot."""
    if isinstance(value, Dispatcher | ModuleType):
        name = value.__name__ if isinstance(value, ModuleType) else value.py_func.__module__
        return stamp(name) if name.startswith(PACKAGE) and name != home else None
    if isinstance(value, type):
        return [(m.name, repr(m.value)) for m in value] if issubclass(value, Enum) else getattr(value, "_fields", None)
    if isinstance(value, Enum):
        return str(value), repr(value.value)
    if isinstance(value, np.ndarray):
        return value.dtype.str, value.shape, "" if value.dtype.hasobject else value.tobytes()
    if isinstance(value, dict):
        return [(repr(key), _content(item, home)) for key, item in value.items()]
    if isinstance(value, set | frozenset):
        return sorted(map(repr, value))
    if isinstance(value, tuple | list):
        return [_content(item, home) for item in value]
    return repr(value) if isinstance(value, PLAIN) else None
