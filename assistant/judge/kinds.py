"""What kind of evidence a quote is: commitment, procedure, record, performance data or external assurance.

A multinomial logistic regression over the sentence embedding and the counted cues; weights in data/kind-model.npz,
trained by evaluation/training. What the document is can correct it: a certificate is somebody else's word, and what
stands in minutes or a register is a trace of practice. Promise and practice are the same question asked of two groups.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assistant.errors import ModelError
from assistant.index.embedders import Embedder, open_embedder
from assistant.judge.cues import CUE_CAP, Cues
from assistant.models import EvidenceKind
from ingestion import sentences

WEIGHTS = Path(__file__).parent / "data" / "kind-model.npz"
KINDS: tuple[EvidenceKind, ...] = tuple(EvidenceKind)
"""From the weakest claim to the strongest."""
RECORD_DOCUMENTS = frozenset({"record", "minutes", "register", "permit"})
ASSURANCE_DOCUMENTS = frozenset({"certificate"})
AS_PROBABLE = 0.8
"""A kind at least this probable, relative to the most probable one, is as good as it: then the weaker claim counts.
Measured on the quotes of copper-docs by folds of documents: macro F1 .666 without, .681 with it."""
_PRACTICE = (EvidenceKind.RECORD, EvidenceKind.PERFORMANCE, EvidenceKind.ASSURANCE)


@dataclass(frozen=True, eq=False)
class KindClassifier:
    """`weights` (K, columns) and `bias` (K,) over the columns of `kind_features`."""

    weights: NDArray[np.float32]
    bias: NDArray[np.float32]
    embedder: Embedder
    version: str

    def probabilities(self, rows: NDArray[np.float32]) -> NDArray[np.float32]:
        """Probability of each kind for each row of `kind_features`, shape (len(rows), len(KINDS))."""
        scores = rows @ self.weights.T.astype(np.float32) + self.bias
        scores -= scores.max(axis=1, keepdims=True)
        exps = np.exp(scores)
        return np.asarray(exps / exps.sum(axis=1, keepdims=True), dtype=np.float32)

    def classify(self, text: str) -> EvidenceKind:
        """The kind of a quote by its words alone."""
        return _classify(self, text)


def in_document(kind: EvidenceKind, document_kind: str) -> EvidenceKind:
    """The kind of a quote, corrected by what its document is."""
    if document_kind in ASSURANCE_DOCUMENTS:
        return EvidenceKind.ASSURANCE
    if document_kind in RECORD_DOCUMENTS and kind in (EvidenceKind.COMMITMENT, EvidenceKind.PROCEDURE):
        return EvidenceKind.RECORD
    return kind


@lru_cache(maxsize=50_000)
def _classify(classifier: KindClassifier, text: str) -> EvidenceKind:
    return KINDS[int(decided(classifier.probabilities(kind_features([text], classifier.embedder)))[0])]


def decided(probabilities: NDArray[np.floating[Any]]) -> NDArray[np.int64]:
    """Places in `KINDS`, shape (rows,), of the most probable kinds or of weaker claims that are nearly as probable.

    `probabilities` are of shape (rows, len(KINDS)).
    """
    near = probabilities >= AS_PROBABLE * probabilities.max(axis=1, keepdims=True)
    return np.asarray(near.argmax(axis=1), dtype=np.int64)


def kind_features(texts: Sequence[str], embedder: Embedder) -> NDArray[np.float32]:
    """Sentence vector and capped cues of each text, shape (len(texts), columns)."""
    cues = np.asarray([Cues.of(text).vector() for text in texts], dtype=np.float32).reshape(len(texts), -1)
    return np.hstack([embedder.embed(list(texts)), np.minimum(cues, CUE_CAP)])


def practice_probability(text: str, language: str = "") -> float:
    """Probability that a passage gives evidence of practice and is not only a promise or a rule.

    It is that of its most telling sentence: one record among ten promises is evidence of practice.
    """
    classifier = load_kinds()
    parts = [text[start:end] for start, end in sentences(text, language)] or [text]
    rows = classifier.probabilities(kind_features(parts, classifier.embedder))
    return float(rows[:, [KINDS.index(kind) for kind in _PRACTICE]].sum(axis=1).max())


@lru_cache(maxsize=1)
def load_kinds(path: Path = WEIGHTS) -> KindClassifier:
    """The shipped classifier. Raises `ModelError` when its weights are missing."""
    if not path.is_file():
        raise ModelError(f"{path.name} is missing; reinstall Assay, or train it with python -m evaluation.training.")
    with np.load(path, allow_pickle=False) as data:
        version = hashlib.sha256(path.read_bytes()).hexdigest()[:12]
        return KindClassifier(data["weights"], data["bias"], open_embedder("use-multilingual"), version)
