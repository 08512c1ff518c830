"""Files of arrays that somebody forged: a right checksum proves nothing, so nothing in them runs or is a traceback."""

from __future__ import annotations

import json

import numpy as np
import pytest

from generator.array_file import ALIGN, MAGIC, checksum, read_arrays, write_arrays
from generator.noun_cache import TREE, from_arrays, kept, to_arrays


def forged(header: bytes, body: bytes = b"") -> bytes:
    """A file whose checksum is right, whatever it says."""
    data = MAGIC + len(header).to_bytes(8, "little") + header + body
    return data + checksum([data])


HEADERS = {
    "objects": b'[["a", "|O", [2]]]',
    "a negative shape": b'[["a", "<f8", [-5]]]',
    "too much": b'[["a", "<f8", [1000000000, 1000000000, 1000000000]]]',
    "no type": b'[["a", "nonsense", [2]]]',
    "no list": b"3",
    "no pairs": b'["abc", 3]',
    "a list as name": b'[[["a"], "<f8", [0]]]',
    "deep": b"[" * 5000,
    "no JSON": b"{",
    "no text": b"\xff\xfe",
}


@pytest.mark.parametrize("what", HEADERS)
def test_a_forged_header_is_not_believed(tmp_path, what):
    path = tmp_path / "a.arrays"
    path.write_bytes(forged(HEADERS[what], bytes(64)))
    assert read_arrays(path) is None


def test_a_header_longer_than_its_file_is_not_believed(tmp_path):
    path = tmp_path / "a.arrays"
    data = MAGIC + (2**63).to_bytes(8, "little")
    path.write_bytes(data + checksum([data]))
    assert read_arrays(path) is None


TREES = {
    "a noun that there is not": ["Path", {"x": ["value", 1]}],
    "a noun without its parts": ["Lightmap", {}],
    "parts that it has not": ["Lightmap", {"steady": ["value", 1], "x": ["value", 1]}],
    "an array that is not there": ["array", "7"],
    "no pair": ["array"],
    "a number": 3,
}


@pytest.mark.parametrize("what", TREES)
def test_a_forged_noun_is_made_again(what, tmp_path, monkeypatch):
    tree = {TREE: np.frombuffer(json.dumps(TREES[what]).encode(), np.uint8)}
    assert from_arrays(tree) is None
    monkeypatch.setenv("NOCLIP_CACHE", str(tmp_path))
    assert kept("test", ("same",), lambda: 1.5) == 1.5
    write_arrays(next(tmp_path.glob("test/*.arrays")), tree)
    assert kept("test", ("same",), lambda: 2.5) == 2.5


def test_arrays_lie_where_a_processor_likes_to_read_and_come_back_equal(tmp_path):
    path = tmp_path / "a.arrays"
    arrays = {"odd" * k: np.arange(k, dtype=np.float32) for k in range(1, 9)}
    write_arrays(path, arrays)
    found = read_arrays(path)
    assert found is not None
    for name, array in arrays.items():
        assert np.array_equal(found[name], array)
        assert found[name].ctypes.data % ALIGN == 0
    assert from_arrays(to_arrays(("a", 1.5))) == ("a", 1.5)
