"""What one picture compiles, kernel by kernel: ``python -m tests.benchmarks.compiling FILE.json [ARGUMENT]...``.

Runs ``noclip ARGUMENT...`` in this process alone. Writes a list of (kernel, signature, processor seconds of its own).
"""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path

from numba.core import event


class Compiling(event.Listener):
    """Notes every machine code that is made, and its processor time without that of the kernels it calls."""

    def __init__(self) -> None:
        self.made: list[tuple[str, str, float]] = []
        self._open: list[float] = []

    def on_start(self, event: event.Event) -> None:
        self._open.append(0.0)
        event.data["start"] = time.process_time()

    def on_end(self, event: event.Event) -> None:
        kernel = event.data["dispatcher"].py_func
        whole, inner = time.process_time() - event.data["start"], self._open.pop()
        if self._open:
            self._open[-1] += whole
        self.made.append((f"{kernel.__module__}.{kernel.__qualname__}", str(event.data["args"]), whole - inner))


def main() -> None:
    """Run one command as if there were one core, so that no second process compiles, and write what it compiled."""
    from generator.cli import main as noclip

    listener = Compiling()
    event.register("numba:compile", listener)
    os.cpu_count = lambda: 1
    code = noclip(sys.argv[2:])
    Path(sys.argv[1]).write_text(json.dumps(listener.made))
    sys.exit(code)


if __name__ == "__main__":
    main()
