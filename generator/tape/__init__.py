"""Recorder, tape, deck and television: ``record`` takes video frames and gives what was seen from tape.

``tape_file`` does it to footage of any kind: pictures, folders of them, videos with their sound.
"""

from .deck import record
from .footage import tape_file
from .foreign import Treatment

__all__ = ["Treatment", "record", "tape_file"]
