"""Recorder, tape, deck and television: ``record`` takes video frames and gives what was seen from tape.

``tape_file`` does it to footage of any kind: pictures, folders of them, videos with their sound.
"""

from typing import TYPE_CHECKING, Any

from .deck import record

if TYPE_CHECKING:
    from .footage import tape_file
    from .foreign import Treatment

__all__ = ["Treatment", "record", "tape_file"]


def __getattr__(name: str) -> Any:
    """Import what reads and writes footage when it is asked for: a still needs none of it."""
    if name == "tape_file":
        from .footage import tape_file

        return tape_file
    if name == "Treatment":
        from .foreign import Treatment

        return Treatment
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
