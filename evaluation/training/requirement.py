"""The requirement model: from the probabilities of a requirement's best units, is there evidence at all?"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from assistant.judge.evidence_model import prior_row
from evaluation.training.dataset import FOLDS, Group
from evaluation.training.promise import Promise, fit_promise

PROMISE_SETS: tuple[str, ...] = ("aims-au", "contractnli-dev", "cuad-dev", "copper-docs-dev:sites")
"""Sets that say where evidence is absent: the requirement model and the promise are fitted on them."""
OWN_SITES = "copper-docs-dev:sites"
"""Sites judged by the product's own catalogue: the promise is kept on these."""
Prior = tuple[NDArray[np.float32], float]
"""Weights of `PRIOR_FEATURES` and the bias."""


def fit_requirement(
    table: Sequence[Group],
    probabilities: Sequence[NDArray[np.float32]],
    criteria: Mapping[str, Mapping[str, str]],
    documents: Sequence[tuple[str, ...]],
    say: Callable[[str], None],
) -> tuple[Prior, list[Prior], Promise, dict[str, float]]:
    """Requirement model, those without each fold, the promise fitted on these ones' predictions, and their figures.

    `documents` names for each group those that its verdict hangs on.
    """
    chosen = [i for i, group in enumerate(table) if group.set_name in PROMISE_SETS]
    if not chosen:
        chosen = [i for i, group in enumerate(table) if group.verdict in ("evidence", "gap")]
    judged = [table[i] for i in chosen]
    rows = np.stack([prior_row(probabilities[i], table[i].texts.__getitem__) for i in chosen])
    present = np.asarray([group.verdict != "gap" for group in judged], dtype=np.int8)
    names = [group.set_name for group in judged]
    weight = np.asarray([1.0 / np.sqrt(names.count(name)) for name in names])
    folds = np.asarray([int(group.folds[0]) for group in judged])
    mean, spread = rows.mean(axis=0), rows.std(axis=0) + 1e-6

    def fitted(use: NDArray[np.bool_]) -> LogisticRegression:
        model = LogisticRegression(C=0.5, max_iter=5000)
        return model.fit((rows[use] - mean) / spread, present[use], sample_weight=weight[use] / weight.mean())

    def as_prior(model: LogisticRegression) -> Prior:
        weights = (model.coef_[0] / spread).astype(np.float32)
        return weights, float(model.intercept_[0] - (model.coef_[0] * mean / spread).sum())

    predicted = np.zeros(len(judged), dtype=np.float64)
    by_fold = []
    for number in range(FOLDS):
        held = folds == number
        by_fold.append(model := fitted(~held))
        if held.any():
            predicted[held] = model.predict_proba((rows[held] - mean) / spread)[:, 1]
    figures: dict[str, float] = {}
    for name in dict.fromkeys(names):
        mask = np.asarray([n == name for n in names])
        if 0 < present[mask].sum() < mask.sum():
            figures[name] = round(float(roc_auc_score(present[mask], predicted[mask])), 4)
            say(f"  {name}: AUROC of 'holds evidence', out of fold: {figures[name]:.3f}")
    owners = [criteria[group.set_name.partition(":")[0]][group.requirement] for group in judged]
    clusters = ([documents[i] for i in chosen], owners)
    promise = fit_promise(predicted, present, names, own=OWN_SITES, clusters=clusters)
    say(f"  {promise.sentence}")
    final = as_prior(fitted(np.ones(len(judged), dtype=bool)))
    return final, [as_prior(model) for model in by_fold], promise, figures
