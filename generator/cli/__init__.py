"""The command ``noclip``: parse, call the library, report.

Each command is a small function in a module of its own; nothing heavy is imported before a command runs.
"""

from __future__ import annotations

import os
import sys
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from io import TextIOWrapper
from typing import Any

import typer

from ..errors import NoclipError, NoclipWarning, one_line
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
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
app.command("map")(map_)
for command in (still, film, export, sheet, tape, chart, scenes, cache, doctor):
    app.command()(command)


@app.callback(invoke_without_command=True)
def noclip(
    context: typer.Context, version: bool = typer.Option(False, "--version", help="Print the version and leave.")
) -> None:
    if version:
        from .. import __version__

        typer.echo(f"noclip {__version__}")
        raise typer.Exit
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())


@contextmanager
def _told() -> Iterator[None]:
    """Print what the library warns of."""
    with warnings.catch_warnings():
        warnings.simplefilter("always", NoclipWarning)
        otherwise = warnings.showwarning

        def show(message: Warning | str, category: type[Warning], *where: Any, **more: Any) -> None:
            if not issubclass(category, NoclipWarning):
                otherwise(message, category, *where, **more)
            elif sys.stderr is not None:
                with suppress(OSError, ValueError):
                    print(f"noclip: warning: {one_line(str(message))}", file=sys.stderr, flush=True)

        warnings.showwarning = show
        yield


def main(args: Sequence[str] | None = None) -> int:
    """Run the command; returns its exit code: 0, 2 for a mistake of the user, 130 after Ctrl-C, or the command's own.

    What a name holds that is not text is written as the bytes that it is.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            utf8 = stream.encoding.lower().replace("-", "") == "utf8"
            stream.reconfigure(errors="surrogateescape" if utf8 else "backslashreplace")
    try:
        code, message = _run(args)
        if sys.stdout is not None:
            sys.stdout.flush()
    except BrokenPipeError:
        code, message = 1, ""
        _unheard()
    except OSError as error:
        code, message = 2, f"{error.filename or 'standard output'}: {error.strerror or error}"
        _unheard()
    if message and sys.stderr is not None:
        with suppress(OSError, ValueError):
            print(f"noclip: {one_line(message)}", file=sys.stderr, flush=True)
    return code


def _run(args: Sequence[str] | None) -> tuple[int, str]:
    """The command's exit code, and the line that says why it failed."""
    try:
        with _told():
            code = app(args=args, prog_name="noclip", standalone_mode=False)
        return (INTERRUPTED, "interrupted") if code == INTERRUPTED else (code if isinstance(code, int) else 0, "")
    except (KeyboardInterrupt, typer.Abort):
        return INTERRUPTED, "interrupted"
    except NoclipError as error:
        return 2, str(error)
    except MemoryError:
        return 2, "out of memory; ask for a smaller picture, a smaller region or fewer workers"
    except OSError:
        raise
    except Exception as error:
        if _was_interrupt(error):
            return INTERRUPTED, "interrupted"
        if not hasattr(error, "format_message"):  # not a mistake in the command line, as typer reports it
            raise
        return 2, error.format_message()


def _was_interrupt(error: BaseException) -> bool:
    """Whether Ctrl-C came while a compiled kernel was loaded or ran: it is then what caused a SystemError."""
    cause: BaseException | None = error
    while isinstance(cause, SystemError):
        cause = cause.__cause__
    return isinstance(cause, KeyboardInterrupt)


def _unheard() -> None:
    """Let what is left in standard output's buffer go nowhere."""
    with suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)
