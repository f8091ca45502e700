"""Where vectors are kept: in Chroma (a workspace), in files (evaluation, sentences), or in memory (tests).

Keys are content hashes, so the same text is embedded once however often it occurs, and a store can be rebuilt at any
time. Only vectors and keys are stored, never text. One process writes at a time (file lock).
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from filelock import FileLock
from numpy.typing import NDArray

from assistant.errors import DamagedIndexError
from assistant.index.embedders import Embedder, Vectors
from assistant.progress import Progress, silent

_BATCH = 256
_CHROMA_BATCH = 5_000


def vector_key(model: str, text: str) -> str:
    """Key of a text under a model: 32 hex digits of SHA-256."""
    return hashlib.sha256(f"{model}\x1f{text}".encode()).hexdigest()[:32]


class VectorStore(Protocol):
    """Vectors by key. `get` leaves out what is not there; `put` replaces."""

    def get(self, keys: Sequence[str]) -> dict[str, NDArray[np.float32]]:
        """The vectors that are stored, by key."""
        ...

    def put(self, keys: Sequence[str], vectors: Vectors) -> None:
        """Store vectors, shape `(len(keys), dimension)`."""
        ...

    def delete(self, keys: Sequence[str]) -> None:
        """Forget these keys."""
        ...

    def count(self) -> int:
        """How many vectors are stored."""
        ...


class MemoryVectors:
    """Vectors in a dictionary."""

    def __init__(self) -> None:
        self._vectors: dict[str, NDArray[np.float32]] = {}

    def get(self, keys: Sequence[str]) -> dict[str, NDArray[np.float32]]:
        """The vectors that are stored, by key."""
        return {key: self._vectors[key] for key in keys if key in self._vectors}

    def put(self, keys: Sequence[str], vectors: Vectors) -> None:
        """Store vectors, shape `(len(keys), dimension)`."""
        self._vectors.update(zip(keys, vectors, strict=True))

    def delete(self, keys: Sequence[str]) -> None:
        """Forget these keys."""
        for key in keys:
            self._vectors.pop(key, None)

    def count(self) -> int:
        """How many vectors are stored."""
        return len(self._vectors)


class FileVectors:
    """Vectors in append-only files: one of keys, one of half-precision numbers. A torn last record is dropped.

    Half precision keeps cosines to three decimals at half the size; reading is a memory map.
    """

    def __init__(self, folder: Path, dimension: int) -> None:
        self._folder = folder
        self._dimension = dimension
        folder.mkdir(parents=True, exist_ok=True)
        self._keys_file = folder / "keys.txt"
        self._vectors_file = folder / f"vectors-{dimension}.f16"
        self._lock = FileLock(str(folder / "lock"))
        self._rows: dict[str, int] = {}
        self._read_bytes = -1

    def _refresh(self) -> None:
        size = self._keys_file.stat().st_size if self._keys_file.exists() else 0
        if size == self._read_bytes:
            return
        names = self._keys_file.read_bytes().split(b"\n")[:-1] if size else []
        stored = self._vectors_file.stat().st_size // (2 * self._dimension) if self._vectors_file.exists() else 0
        self._rows = {name.decode(): row for row, name in enumerate(names[:stored]) if name}
        self._read_bytes = size

    def get(self, keys: Sequence[str]) -> dict[str, NDArray[np.float32]]:
        """The vectors that are stored, by key."""
        self._refresh()
        found = [(key, self._rows[key]) for key in dict.fromkeys(keys) if key in self._rows]
        if not found:
            return {}
        stored = self._vectors_file.stat().st_size // (2 * self._dimension)
        table = np.memmap(self._vectors_file, dtype=np.float16, mode="r", shape=(stored, self._dimension))
        rows = np.asarray([row for _, row in found])
        vectors = table[rows].astype(np.float32)
        return {key: vectors[i] for i, (key, _) in enumerate(found)}

    def put(self, keys: Sequence[str], vectors: Vectors) -> None:
        """Store vectors, shape `(len(keys), dimension)`."""
        with self._lock:
            self._read_bytes = -1
            self._refresh()
            rows = len(self._keys_file.read_bytes().split(b"\n")) - 1 if self._keys_file.exists() else 0
            # A kill between the two writes leaves vectors without keys or half a record: cut both to what is whole.
            if self._vectors_file.exists():
                whole = min(rows, self._vectors_file.stat().st_size // (2 * self._dimension))
                with self._vectors_file.open("r+b") as file:
                    file.truncate(whole * 2 * self._dimension)
                if whole < rows:
                    names = self._keys_file.read_bytes().split(b"\n")[:whole]
                    self._keys_file.write_bytes(b"".join(name + b"\n" for name in names))
            elif rows:
                self._keys_file.write_bytes(b"")
            new = [i for i, key in enumerate(keys) if key not in self._rows]
            with self._vectors_file.open("ab") as file:
                file.write(np.ascontiguousarray(vectors[new], dtype=np.float16).tobytes())
            with self._keys_file.open("ab") as file:
                file.write(b"".join(keys[i].encode() + b"\n" for i in new))
            self._read_bytes = -1

    def delete(self, keys: Sequence[str]) -> None:
        """Forget these keys: the whole store is written anew without them."""
        with self._lock:
            self._refresh()
            gone = set(keys)
            kept = [key for key in self._rows if key not in gone]
            vectors = self.get(kept)
            self._keys_file.unlink(missing_ok=True)
            self._vectors_file.unlink(missing_ok=True)
            self._rows, self._read_bytes = {}, -1
        if kept:
            self.put(kept, np.stack([vectors[key] for key in kept]))

    def count(self) -> int:
        """How many vectors are stored."""
        self._refresh()
        return len(self._rows)


class ChromaVectors:
    """Unit vectors in a local Chroma collection: one writer at a time, no text, no telemetry.

    The space is the inner product, which for unit vectors is the cosine: Chroma's cosine space normalises what it is
    given once more, and a vector would come back changed in its last bit.
    """

    def __init__(self, folder: Path, name: str) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._lock = FileLock(str(folder / "writer.lock"))
        self._collection = _open_collection(folder, name)

    def get(self, keys: Sequence[str]) -> dict[str, NDArray[np.float32]]:
        """The vectors that are stored, by key."""
        result: dict[str, NDArray[np.float32]] = {}
        unique = list(dict.fromkeys(keys))
        for at in range(0, len(unique), _CHROMA_BATCH):
            page = self._collection.get(ids=unique[at : at + _CHROMA_BATCH], include=["embeddings"])
            vectors = np.asarray(page["embeddings"], dtype=np.float32)
            result.update({key: vectors[i] for i, key in enumerate(page["ids"])})
        return result

    def put(self, keys: Sequence[str], vectors: Vectors) -> None:
        """Store vectors, shape `(len(keys), dimension)`."""
        unique = {key: i for i, key in enumerate(keys)}
        with self._lock:
            names = list(unique)
            for at in range(0, len(names), _CHROMA_BATCH):
                part = names[at : at + _CHROMA_BATCH]
                self._collection.upsert(ids=part, embeddings=vectors[[unique[key] for key in part]])

    def delete(self, keys: Sequence[str]) -> None:
        """Forget these keys."""
        with self._lock:
            if keys:
                self._collection.delete(ids=list(keys))

    def count(self) -> int:
        """How many vectors are stored."""
        return int(self._collection.count())


def _open_collection(folder: Path, name: str) -> Any:
    import chromadb
    from chromadb.config import Settings as ChromaSettings

    settings = ChromaSettings(anonymized_telemetry=False, allow_reset=False, is_persistent=True)
    try:
        client = chromadb.PersistentClient(path=str(folder), settings=settings)
        return client.get_or_create_collection(
            name,
            embedding_function=None,
            configuration={"hnsw": {"space": "ip"}},
        )
    except Exception as error:
        raise DamagedIndexError(
            f"The vector index in {folder} cannot be opened ({type(error).__name__}); it is derived: remove "
            "that folder and run the command again."
        ) from error


def embed_cached(
    embedder: Embedder, store: VectorStore, texts: Sequence[str], progress: Progress = silent, what: str = "embedding"
) -> Vectors:
    """Vectors of `texts`, shape `(len(texts), dimension)`; only texts the store does not hold are embedded.

    What is embedded is stored batch by batch, so an interruption loses at most one batch.
    """
    if not texts:
        return np.zeros((0, embedder.dimension), dtype=np.float32)
    keys = [vector_key(embedder.name, text) for text in texts]
    held = store.get(keys)
    missing = {key: text for key, text in zip(keys, texts, strict=True) if key not in held}
    # Like lengths together: short batches waste no padding.
    order = sorted(missing, key=lambda key: len(missing[key]))
    for at in range(0, len(order), _BATCH):
        part = order[at : at + _BATCH]
        store.put(part, embedder.embed([missing[key] for key in part]))
        # What the store gives back, not what it was given: a store may round, and the next run reads from it.
        held.update(store.get(part))
        progress(min(at + _BATCH, len(order)), len(order), what)
    return np.stack([held[key] for key in keys])
