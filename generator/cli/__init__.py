"""The command ``noclip``: parse, call the library, report.

Each command is a small function in a module of its own; nothing heavy is imported before a command runs.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence

import typer

from ..errors import NoclipError
from .cache import cache
from .chart import chart
from .doctor import doctor
from .export import export
from .film import film
from .map import map_
from .scenes import scenes
from .sheet import sheet
from .still import still
from .tape import tape

INTERRUPTED = 130
"""Exit code after Ctrl-C.  Source: 128 + SIGINT, as shells report it."""

app = typer.Typer(
    name="noclip",
    help="Backrooms Level 0 from one seed: a maze, a lit set, and frames off a 1990s camcorder tape.",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
app.command("map")(map_)
for command in (still, film, export, sheet, tape, chart, scenes, cache, doctor):
    app.command()(command)


@app.callback(invoke_without_command=True)
def noclip(version: bool = typer.Option(False, "--version", help="Print the version and leave.")) -> None:
    if version:
        from .. import __version__

        typer.echo(f"noclip {__version__}")
        raise typer.Exit


def main(args: Sequence[str] | None = None) -> int:
    """Run the command; returns its exit code: 0, 2 for a mistake of the user, 130 after Ctrl-C."""
    try:
        code = app(args=args, prog_name="noclip", standalone_mode=False)
        if code != INTERRUPTED:
            return code if isinstance(code, int) else 0
        message = "interrupted"
    except (KeyboardInterrupt, typer.Abort):
        code, message = INTERRUPTED, "interrupted"
    except NoclipError as error:
        code, message = 2, str(error)
    except Exception as error:
        if not hasattr(error, "format_message"):  # not a mistake in the command line, as typer reports it
            raise
        code, message = 2, error.format_message()
    print(f"noclip: {' '.join(message.split())}", file=sys.stderr)
    return code
