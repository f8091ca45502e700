"""Trains the kind classifier: our own example sentences, and the kinds of copper-docs' quotes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import yaml
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import f1_score

from assistant.index.embedders import open_embedder
from assistant.judge.kinds import KINDS, WEIGHTS, decided, kind_features
from evaluation.sets import load_set
from evaluation.training.dataset import FOLDS, fold
from evaluation.weights import KIND_QUOTES

EXAMPLES = Path(__file__).parent / "kind_examples.yaml"
REGULARISATION = 3.0
SEED = 20261122


def build_kinds(data: Path, out: Path | None, say: Callable[[str], None]) -> dict[str, float]:
    """Train, measure by folds of documents, write the weights; returns macro F1 (all kinds, and each)."""
    embedder = open_embedder("use-multilingual")
    names = [kind.value for kind in KINDS]
    own = [(text, kind, -1) for kind, texts in yaml.safe_load(EXAMPLES.read_text("utf-8")).items() for text in texts]
    labelled: list[tuple[str, str, int]] = []
    if (data / KIND_QUOTES).is_dir():
        for label in load_set(data / KIND_QUOTES).labels:
            for quote, kind in zip(label.quotes, label.kinds, strict=False):
                if kind in names:
                    labelled.append((quote, kind, fold(label.document)))
    rows = [*own, *labelled]
    values = kind_features([text for text, _, _ in rows], embedder)
    labels = np.asarray([names.index(kind) for _, kind, _ in rows])
    folds = np.asarray([number for _, _, number in rows])
    predicted = np.full(len(rows), -1)
    for number in range(FOLDS):
        held = folds == number
        if held.any():
            model = _fit(values[~held], labels[~held])
            probabilities = np.zeros((int(held.sum()), len(KINDS)))
            probabilities[:, model.classes_] = model.predict_proba(values[held])
            predicted[held] = decided(probabilities)
    figures: dict[str, float] = {}
    seen = folds >= 0
    if seen.any():
        present = sorted(set(labels[seen].tolist()))
        figures["macro_f1"] = round(float(f1_score(labels[seen], predicted[seen], labels=present, average="macro")), 4)
        each = f1_score(labels[seen], predicted[seen], labels=present, average=None)
        figures |= {names[i]: round(float(value), 4) for i, value in zip(present, each, strict=True)}
        say(f"kinds, macro F1 on {KIND_QUOTES} by folds of documents: {figures}")
    final = _fit(values, labels)
    weights = np.zeros((len(KINDS), values.shape[1]), dtype=np.float16)
    bias = np.full(len(KINDS), -30.0, dtype=np.float32)
    for number, row, shift in zip(final.classes_, final.coef_, final.intercept_, strict=True):
        weights[number], bias[number] = row, shift
    target = (out or WEIGHTS.parent) / WEIGHTS.name
    target.parent.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(target, weights=weights, bias=bias)
    return figures


def _fit(values: NDArray[np.float32], labels: NDArray[np.int64]) -> LogisticRegression:
    model = LogisticRegression(C=REGULARISATION, max_iter=5000, class_weight="balanced", random_state=SEED)
    return model.fit(values, labels)
