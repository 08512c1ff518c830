"""``noclip scenes``: what there is to render."""

from __future__ import annotations

from typing import Annotated

import typer


def scenes(
    show: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="Print a whole scene as commented TOML, ready to edit and render."),
    ] = None,
) -> None:
    """List the scenes, one line each."""
    from ..scene import load_scene, preset_names, scene_toml

    if show is not None:
        typer.echo(scene_toml(load_scene(show)), nl=False)
        return
    width = max(map(len, preset_names()), default=0)
    for name in preset_names():
        typer.echo(f"{name:<{width}}  {load_scene(name).title}")
