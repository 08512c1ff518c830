"""How kernels are compiled: the options that all of them share, so that what Numba brings along is compiled once."""

from __future__ import annotations

from typing import Any

ENTRY: dict[str, Any] = {"cache": True, "nogil": True, "error_model": "numpy", "no_cfunc_wrapper": True}
"""Of a kernel that Python calls."""
INNER: dict[str, Any] = ENTRY | {"no_cpython_wrapper": True}
"""Of one that only kernels call: a small one takes half as long to compile without what Python would call it by.

Python must not call it, which would end the process: ``kernel.py_func`` is the same in Python.
"""
