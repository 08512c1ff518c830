"""``noclip cache``: what is kept between runs."""

from __future__ import annotations

from typing import Annotated

import typer

MEBI = 2**20


def cache(
    clear: Annotated[bool, typer.Option("--clear", help="Remove everything that is kept.")] = False,
) -> None:
    """Show, or clear, the lightmaps and materials kept on disk."""
    from ..cache import clear as remove
    from ..cache import stats

    if clear:
        typer.echo(f"{remove()} entries removed")
    now = stats()
    typer.echo(f"folder   {now.folder}")
    typer.echo(f"entries  {now.entries}")
    typer.echo(f"size     {now.size_bytes / MEBI:.1f} MiB of {now.limit_bytes / MEBI:.0f} (NOCLIP_CACHE_LIMIT, bytes)")
