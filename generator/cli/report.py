"""What every command that computes says of its progress."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ..progress import Progress


def starting() -> None:
    """Say on a terminal that something happens, before anything heavy is imported."""
    from ..progress import Progress

    Progress(sys.stderr).show("starting ...")


def progress() -> Progress:
    """Progress on standard error, which begins with a line where nothing can be kept between runs."""
    from ..cache import why_not_kept
    from ..progress import Progress

    shown, why = Progress(sys.stderr), why_not_kept()
    if why is not None:
        shown.warn(why)
    return shown
