"""What pictures of a scene show where all its districts have one grammar."""

from __future__ import annotations

from ..subject import Subject
from .settings import Level0Scene

SUBJECTS = (
    Subject("spine", long=12.0, often=3.0),
    Subject("bays", often=14.0),
    Subject("void", wide=14.0),
    Subject("turned", long=8.0, often=6.0, slanted=5.0),
    Subject("rings", curved=14.0),
    Subject("cores", often=3.0, solids=5.0),
)
"""Of the grammars that one does not see from nearly everywhere."""


def subject_of(scene: Level0Scene) -> Subject | None:
    """Look up what pictures of a scene are of; None where districts differ."""
    return next((subject for subject in SUBJECTS if subject.district == scene.plan.grammar), None)
