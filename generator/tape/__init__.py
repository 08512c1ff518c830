"""Recorder, tape, deck and television: ``record`` takes video frames and gives what was seen from tape."""

from .deck import record

__all__ = ["record"]
