from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest

from assistant.index.vectors import ChromaVectors, FileVectors, MemoryVectors, VectorStore, embed_cached, vector_key

MAKERS: dict[str, Callable[[Path], VectorStore]] = {
    "memory": lambda _: MemoryVectors(),
    "files": lambda folder: FileVectors(folder / "vectors", 3),
    "chroma": lambda folder: ChromaVectors(folder / "chroma", "passages"),
}


class Counting:
    """An embedder that remembers what it was asked."""

    name = "counting"
    dimension = 3

    def __init__(self) -> None:
        self.asked: list[str] = []

    def embed(self, texts: Sequence[str]) -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
        self.asked.extend(texts)
        rows = np.asarray([[len(text), 1.0, 0.0] for text in texts], dtype=np.float32).reshape(-1, 3)
        return rows / np.linalg.norm(rows, axis=1, keepdims=True)


@pytest.fixture(params=sorted(MAKERS))
def make(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[], VectorStore]:
    return lambda: MAKERS[request.param](tmp_path)


def test_every_store_keeps_replaces_and_forgets(make: Callable[[], VectorStore]) -> None:
    store = make()
    assert store.get(["a"]) == {}
    store.put(["a", "b"], np.eye(3, dtype=np.float32)[:2])
    assert store.count() == 2
    found = store.get(["b", "nothing", "a"])
    assert {key: vector.round(3).tolist() for key, vector in found.items()} == {"a": [1, 0, 0], "b": [0, 1, 0]}
    store.delete(["a"])
    assert store.count() == 1
    assert store.get(["a"]) == {}
    store.put(["c"], np.eye(3, dtype=np.float32)[2:])
    assert sorted(store.get(["a", "b", "c"])) == ["b", "c"]


def test_only_what_is_new_is_embedded(make: Callable[[], VectorStore]) -> None:
    store, embedder = make(), Counting()
    first = embed_cached(embedder, store, ["one", "three", "one"])
    assert sorted(embedder.asked) == ["one", "three"]
    again = embed_cached(embedder, store, ["three", "one"])
    assert sorted(embedder.asked) == ["one", "three"]
    np.testing.assert_allclose(again, first[[1, 0]], atol=1e-3)


def test_the_run_that_embeds_sees_what_later_runs_see(make: Callable[[], VectorStore]) -> None:
    texts = ["x" * length for length in range(1, 400)]
    first = embed_cached(Counting(), make(), texts)
    assert np.array_equal(embed_cached(Counting(), make(), texts), first)


def test_chroma_gives_back_every_bit(tmp_path: Path) -> None:
    rows = np.random.default_rng(1).normal(size=(400, 3)).astype(np.float32)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    keys = [f"k{i}" for i in range(len(rows))]
    MAKERS["chroma"](tmp_path).put(keys, rows)
    found = MAKERS["chroma"](tmp_path).get(keys)
    assert np.array_equal(np.stack([found[key] for key in keys]), rows)


@pytest.mark.parametrize("name", ["files", "chroma"])
def test_vectors_survive_a_new_process(name: str, tmp_path: Path) -> None:
    MAKERS[name](tmp_path).put(["a"], np.eye(3, dtype=np.float32)[:1])
    assert MAKERS[name](tmp_path).get(["a"])["a"].round(3).tolist() == [1, 0, 0]


def test_a_write_cut_off_between_the_two_files_is_mended(tmp_path: Path) -> None:
    store = FileVectors(tmp_path, 3)
    store.put(["a"], np.eye(3, dtype=np.float32)[:1])
    with (tmp_path / "vectors-3.f16").open("ab") as file:
        file.write(b"\x00\x01\x02")
    fresh = FileVectors(tmp_path, 3)
    assert fresh.count() == 1
    assert fresh.get(["a"])["a"].round(3).tolist() == [1, 0, 0]
    fresh.put(["b"], np.eye(3, dtype=np.float32)[1:2])
    assert FileVectors(tmp_path, 3).get(["b"])["b"].round(3).tolist() == [0, 1, 0]


def test_keys_name_model_and_text() -> None:
    assert vector_key("m", "text") != vector_key("n", "text")
    assert vector_key("m", "text") != vector_key("m", "texts")
    assert len(vector_key("m", "text")) == 32
