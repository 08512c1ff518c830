"""What the documents say is so: verbs have the arguments written there, files and names exist, the code runs."""

from __future__ import annotations

import importlib
import inspect
import re

import pytest

import generator

VERBS = re.findall(r"``(\w+)\((.*?)\)(?: -> (\w+))?``\s+``([\w.]+)``", generator.__doc__ or "")


@pytest.mark.parametrize(("name", "arguments", "noun", "module"), VERBS, ids=[verb[0] for verb in VERBS])
def test_the_package_names_verbs_as_they_are(name, arguments, noun, module):
    signature = inspect.signature(getattr(importlib.import_module(module), name))
    needed = [p.name for p in signature.parameters.values() if p.default is p.empty]
    assert needed == [word for word in arguments.split(", ") if word]
    assert noun in ("", signature.return_annotation)


def test_every_stage_has_a_verb():
    assert {module.split(".")[1] for *_, module in VERBS} >= {"scene", "plan", "surface", "geometry", "light", "render"}
    assert {module.split(".")[1] for *_, module in VERBS} >= {"camera", "tape", "sound", "export", "still", "film"}
