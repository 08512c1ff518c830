"""A region for game engines: chunks with collision, navigation, rooms, and places to begin at."""

from .bodies import Engine
from .make import check_folder, export_engine

__all__ = ["Engine", "check_folder", "export_engine"]
