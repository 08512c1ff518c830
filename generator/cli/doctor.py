"""``noclip doctor``: what this machine offers."""

from __future__ import annotations

import typer


def doctor() -> None:
    """Print versions, OpenGL, the renderer that auto takes, and the cache."""
    from ..doctor import report

    for name, value in report():
        typer.echo(f"{name:<12}{value}")
