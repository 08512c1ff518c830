import multiprocessing
import os
from dataclasses import dataclass

import numpy as np
import pytest

from generator import cache
from generator.scene.light import LightSettings

KEY = "0" * 64


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("NOCLIP_CACHE", str(tmp_path))
    monkeypatch.delenv("NOCLIP_CACHE_LIMIT", raising=False)
    return tmp_path


def some_arrays(seed=0, n=1000):
    rng = np.random.default_rng(seed)
    return {
        "light": rng.random((n, 3)).astype(np.float32),
        "size": np.arange(6).reshape(2, 3),
        "none": np.zeros((0, 4)),
    }


def test_what_was_saved_is_loaded_with_types_and_shapes():
    arrays = some_arrays()
    cache.save("light", KEY, arrays)
    loaded = cache.load("light", KEY)
    assert list(loaded) == list(arrays)
    for name, array in arrays.items():
        assert loaded[name].dtype == array.dtype
        np.testing.assert_array_equal(loaded[name], array)
    assert cache.load("surface", KEY) is None


@pytest.mark.parametrize("damage", ["flip", "cut", "empty", "garbage"])
def test_a_damaged_entry_is_not_believed_and_is_made_again(folder, damage):
    cache.save("light", KEY, some_arrays())
    path = next(folder.glob("light/*"))
    data = bytearray(path.read_bytes())
    if damage == "flip":
        data[len(data) // 2] ^= 1
    path.write_bytes({"flip": bytes(data), "cut": bytes(data[:-100]), "empty": b"", "garbage": b"x" * 5000}[damage])
    assert cache.load("light", KEY) is None
    made = cache.cached("light", KEY, lambda: some_arrays(1))
    np.testing.assert_array_equal(made["light"], some_arrays(1)["light"])
    np.testing.assert_array_equal(cache.load("light", KEY)["light"], some_arrays(1)["light"])


def test_a_kept_entry_is_not_made_again():
    cache.cached("light", KEY, some_arrays)
    made_again = cache.cached("light", KEY, lambda: pytest.fail("made again"))
    np.testing.assert_array_equal(made_again["light"], some_arrays()["light"])


def test_the_least_recently_used_entries_go_first(folder, monkeypatch):
    one = sum(a.nbytes for a in some_arrays().values())
    monkeypatch.setenv("NOCLIP_CACHE_LIMIT", str(int(3.5 * one)))
    for k in range(3):
        cache.save("light", f"{k:064d}", some_arrays(k))
        os.utime(folder / "light" / f"{k:064d}.arrays", (k, k))
    assert cache.load("light", f"{0:064d}") is not None
    cache.save("light", f"{3:064d}", some_arrays(3))
    kept = [k for k in range(4) if cache.load("light", f"{k:064d}") is not None]
    assert kept == [0, 2, 3]
    assert cache.stats().size_bytes <= 3.5 * one


def test_stats_count_and_clear_empties():
    for k in range(3):
        cache.save("light", f"{k:064d}", some_arrays(k))
    assert cache.stats().entries == 3
    assert cache.clear() == 3
    assert cache.stats().entries == cache.stats().size_bytes == 0


def _write_often(folder, seed):
    os.environ["NOCLIP_CACHE"] = str(folder)
    for _ in range(20):
        cache.save("light", KEY, some_arrays(seed, 20000))


def test_two_processes_may_write_one_entry_at_once(folder):
    start = multiprocessing.get_context("spawn")
    writers = [start.Process(target=_write_often, args=(folder, seed)) for seed in (1, 2)]
    for writer in writers:
        writer.start()
    expected = [some_arrays(seed, 20000)["light"] for seed in (1, 2)]
    while any(writer.is_alive() for writer in writers):
        found = cache.load("light", KEY)
        assert found is None or any(np.array_equal(found["light"], e) for e in expected)
    assert [writer.exitcode for writer in writers] == [0, 0]
    assert cache.load("light", KEY) is not None
    assert not list(folder.glob("*/*.tmp"))


@dataclass(frozen=True)
class Thing:
    size: tuple[int, int]
    values: np.ndarray


def test_the_key_follows_content_and_nothing_else():
    def thing():
        return Thing((2, 3), np.arange(6.0))

    rest = {"b": 1, "a": [True, None, "x"]}
    key = cache.content_key(thing(), LightSettings(), rest)
    assert key == cache.content_key(thing(), LightSettings(), {"a": [True, None, "x"], "b": 1})
    others = [
        cache.content_key(
            Thing((2, 3), np.arange(6.0).astype(np.float32)), LightSettings(), {"b": 1, "a": [True, None, "x"]}
        ),
        cache.content_key(thing(), LightSettings(cutoff=1e-4), {"b": 1, "a": [True, None, "x"]}),
        cache.content_key(thing(), LightSettings(), {"b": 1.0, "a": [True, None, "x"]}),
        cache.content_key("ab", "c"),
        cache.content_key("a", "bc"),
    ]
    assert len({key, *others}) == len(others) + 1
    with pytest.raises(TypeError):
        cache.content_key(object())


def test_objects_are_refused():
    with pytest.raises(TypeError):
        cache.save("light", KEY, {"a": np.array([object()])})
