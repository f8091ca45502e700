"""The cross-encoder: MiniLM reads a requirement and a unit together and says how likely the unit is evidence for it.

The lower layers read each text for itself (once a text), the upper ones both together (Cao et al. 2020, DeFormer), so
that many pairs of few texts stay cheap.
"""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from pathlib import Path
from threading import Lock
from typing import Any, Protocol

import numpy as np
from filelock import FileLock
from numpy.typing import NDArray

from assistant.cache import cache_folder
from assistant.errors import ModelError
from assistant.index.embedders import minilm_folder, with_content

SHIPPED = "shipped"
WEIGHTS = Path(__file__).parent / "data" / "cross-encoder.npz"
LAYOUT = 2
"""Raised when the graphs are made in another way from the same weights."""
QUERY_TOKENS = 48
UNIT_TOKENS = 144
SEPARATE = 3
"""Layers that read each text for itself."""
_BETWEEN = "\x1f"
_THREADS = 2
_KEPT_BYTES = 96 * 2**20
"""States kept between calls, 30 to 110 KB a text; units come back for other requirements."""


def token_ids(tokenizer: Any, texts: Sequence[str], longest: int) -> list[list[int]]:
    """The tokens of each text that are read: at most `longest`."""
    tokenizer.no_padding()
    tokenizer.enable_truncation(longest)
    return [encoded.ids for encoded in tokenizer.encode_batch([text if text.strip() else " " for text in texts])]


class PairReader(Protocol):
    """Reads pairs written by `as_pair`; shaped like an embedder of one number, so that scores are kept like vectors."""

    name: str
    dimension: int

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Log-odds that each pair's unit is evidence for its requirement, shape (len(texts), 1)."""
        ...


def as_pair(query: str, unit: str) -> str:
    """A requirement and a unit as one text."""
    return f"{query}{_BETWEEN}{unit}"


def open_reader(name: str) -> PairReader | None:
    """The cross-encoder of this name: `shipped`, a sentence-transformers model or folder, or none for an empty name."""
    if not name:
        return None
    return _shipped() if name == SHIPPED else OtherCrossEncoder(name)


@lru_cache(maxsize=1)
def _shipped() -> ShippedCrossEncoder:
    return ShippedCrossEncoder()


class ShippedCrossEncoder:
    """MiniLM with the low-rank updates that ship with Assay, through ONNX Runtime."""

    dimension = 1

    def __init__(self, weights: Path = WEIGHTS) -> None:
        import onnxruntime
        from tokenizers import Tokenizer

        if not weights.is_file():
            raise ModelError(f"{weights.name} is missing; reinstall Assay, or train it: python -m evaluation.training.")
        weights_name = hashlib.sha256(weights.read_bytes()).hexdigest()[:12]
        # What is read of a text is part of the name, for scores are kept by it.
        self.name = f"cross-encoder@{weights_name}-{QUERY_TOKENS}-{UNIT_TOKENS}"
        self._tokenizer = Tokenizer.from_file(str(minilm_folder() / "tokenizer.json"))
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        lower, upper = exported(weights, self.name)
        providers = ["CPUExecutionProvider"]
        self._lower = onnxruntime.InferenceSession(str(lower), options, providers=providers)
        self._upper = onnxruntime.InferenceSession(str(upper), options, providers=providers)
        self._kept: OrderedDict[tuple[str, int], NDArray[np.float16]] = OrderedDict()
        self._kept_bytes = 0
        self._lock = Lock()

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Log-odds of each pair, shape (len(texts), 1). Threads that share a reader wait for each other."""
        with self._lock:
            return self._embed(texts)

    def _embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        pairs = [tuple(text.split(_BETWEEN, 1)) for text in texts]
        wanted = list(dict.fromkeys([(pair[0], QUERY_TOKENS) for pair in pairs] + [(p[1], UNIT_TOKENS) for p in pairs]))
        states = self._states(wanted)
        left = [states[pair[0], QUERY_TOKENS] for pair in pairs]
        right = [states[pair[1], UNIT_TOKENS] for pair in pairs]
        result = np.zeros((len(pairs), 1), dtype=np.float32)

        def read(row: int) -> None:
            x, mask, types = stack([left[row]], [right[row]])
            result[row] = self._upper.run(None, {"states": x, "mask": mask, "types": types})[0]

        _side_by_side(read, [len(a) + len(b) for a, b in zip(left, right, strict=True)])
        return result

    def _states(self, wanted: Sequence[tuple[str, int]]) -> dict[tuple[str, int], NDArray[np.float16]]:
        found = {key: self._kept[key] for key in wanted if key in self._kept}
        for longest in (QUERY_TOKENS, UNIT_TOKENS):
            missing = [text for text, cut in wanted if cut == longest and (text, cut) not in found]
            tokens = token_ids(self._tokenizer, missing, longest)

            def read(
                row: int, tokens: list[list[int]] = tokens, missing: list[str] = missing, longest: int = longest
            ) -> None:
                ids = np.asarray([tokens[row]], dtype=np.int64)
                (states,) = self._lower.run(None, {"input_ids": ids, "attention_mask": np.ones_like(ids)})
                found[missing[row], longest] = states[0].astype(np.float16)

            _side_by_side(read, [len(ids) for ids in tokens])
        for key, part in found.items():
            if key not in self._kept:
                self._kept[key] = part
                self._kept_bytes += part.nbytes
        while self._kept_bytes > _KEPT_BYTES:
            self._kept_bytes -= self._kept.popitem(last=False)[1].nbytes
        return found


class OtherCrossEncoder:
    """Any cross-encoder of sentence-transformers, by name (if it can be fetched) or by folder."""

    dimension = 1

    def __init__(self, name: str) -> None:
        from sentence_transformers import CrossEncoder

        try:
            self._model = CrossEncoder(name, device="cpu")
        except (OSError, ValueError, RuntimeError) as error:
            first = (str(error).strip().splitlines() or [type(error).__name__])[0][:200]
            raise ModelError(
                f"The cross-encoder '{name}' cannot be loaded: {first}. "
                f"Name a folder that holds a sentence-transformers cross-encoder, or use '{SHIPPED}'."
            ) from error
        self.name = f"cross-encoder:{with_content(name)}"

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """The model's score of each pair, shape (len(texts), 1)."""
        pairs = [text.split(_BETWEEN, 1) for text in texts]
        scores = self._model.predict(pairs, batch_size=16, show_progress_bar=False)
        return np.asarray(scores, dtype=np.float32).reshape(len(texts), -1)[:, -1:]


def stack(
    left: Sequence[NDArray[np.float16]], right: Sequence[NDArray[np.float16]]
) -> tuple[NDArray[np.float32], NDArray[np.bool_], NDArray[np.float32]]:
    """Both texts' states one after the other, padded: states, mask, and which tokens are the unit's."""
    longest = max(len(a) + len(b) for a, b in zip(left, right, strict=True))
    x = np.zeros((len(left), longest, left[0].shape[1]), dtype=np.float32)
    mask = np.zeros((len(left), longest), dtype=bool)
    types = np.zeros((len(left), longest), dtype=np.float32)
    for row, (a, b) in enumerate(zip(left, right, strict=True)):
        end = len(a) + len(b)
        x[row, : len(a)], x[row, len(a) : end] = a, b
        mask[row, :end], types[row, len(a) : end] = True, 1.0
    return x, mask, types


def _side_by_side(read: Callable[[int], None], lengths: Sequence[int]) -> None:
    """Read every row once, two threads sharing long and short ones.

    One text or pair at a time: with sixteen padded to one length memory grew with the longest, few long ones among many
    short ones took up to twice as long, and a score hung by its last digits on the pairs beside it.
    """
    order = sorted(range(len(lengths)), key=lambda row: -lengths[row])

    def work(first: int) -> None:
        for row in order[first::_THREADS]:
            read(row)

    if len(order) <= 1:
        work(0)
        return
    with ThreadPoolExecutor(_THREADS) as pool:
        list(pool.map(work, range(_THREADS)))


def exported(weights: Path, name: str) -> tuple[Path, Path]:
    """The two ONNX graphs (each text by itself; both together), made on first use and kept in the cache."""
    folder = cache_folder("models")
    lower, upper = folder / f"minilm-lower-{SEPARATE}-{LAYOUT}.onnx", folder / f"{name}-{LAYOUT}.onnx"
    if lower.is_file() and upper.is_file():
        return lower, upper
    from assistant.index.cross_network import export

    with FileLock(str(folder / "cross-encoder.lock")):
        if not (lower.is_file() and upper.is_file()):
            export(weights, lower, upper)
    return lower, upper
