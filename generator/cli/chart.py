"""``noclip chart``: the test pattern through the tape."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from ..errors import NoclipError
from ..files import check_writable


def chart(
    tape: Annotated[str, typer.Option(metavar="PROFILE", help="Which tape: sp, ep, worn or off.")] = "sp",
    as_json: Annotated[bool, typer.Option("--json", help="Print the rows as JSON.")] = False,
    settings: Annotated[
        list[str] | None, typer.Option("--set", metavar="TAPE.KEY=VALUE", help="Any setting of the tape.")
    ] = None,
    out: Annotated[str | None, typer.Option("-o", "--out", metavar="FILE", help="Draw it into a .png.")] = None,
) -> None:
    """Measure the tape on a test pattern, beside what a VHS deck reaches; exit code 1 when a row is outside."""
    from ..scene import load_scene
    from ..tape.pattern import measure

    scene = load_scene("level0", [*(settings or []), f"tape.profile={tape}"])
    path = Path(out) if out else None
    if path is not None:
        if path.suffix.lower() != ".png":
            raise NoclipError(f"-o {out}: the name must end in .png")
        check_writable(path)
    measured = measure(scene.tape)
    rows = sorted(measured.rows, key=lambda row: row.off)
    if as_json:
        names = ("measure", "value", "unit", "low", "high", "ok")
        typer.echo(json.dumps([{name: getattr(row, name) for name in names} for row in rows], indent=2))
    else:
        for row in rows:
            band = f"{row.low:g} to {row.high:g} {row.unit}"
            typer.echo(f"{row.measure:<30}{row.value:10.4g}   {band:<22}{'ok' if row.ok else 'OUTSIDE'}")
    if path is not None:
        from ..tape.plot import draw_measured

        draw_measured(measured, path)
        typer.echo(path, err=as_json)
    if not measured.ok:
        raise typer.Exit(1)
