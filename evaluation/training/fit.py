"""Fits the unit model and the requirement model, exports them as arrays, and measures them on sets they never saw."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression

from assistant.judge.evidence_model import NEW_PRIOR_FEATURES, PRIOR_FEATURES, Trees, averaged
from assistant.judge.features import FEATURES
from assistant.judge.interaction import InteractionModel
from assistant.judge.reread import REREAD_FEATURES
from evaluation.training.dataset import COPIES, Group

SEED = 20261122
NEGATIVES = 75
"""Negative units kept a group: the two thirds most similar to the requirement, and a random third."""
TREES: dict[str, Any] = {
    "max_iter": 120,
    "learning_rate": 0.1,
    "max_leaf_nodes": 12,
    "min_samples_leaf": 80,
    "l2_regularization": 5.0,
    "max_features": 0.5,
}
RISING: frozenset[str] = frozenset(
    name
    for name in FEATURES
    if name.startswith(("sim_", "share_", "passage_best", "passage_mean", "passage_sim", "over_", "topic_"))
    and name not in ("sim_best_rank", "sim_previous", "sim_next")
) | {"interaction", "heading_sim"}
"""More of these can never make evidence less likely: what keeps the trees from learning the quirks of a set."""
FALLING: frozenset[str] = frozenset({"sim_best_rank", "passage_rank"})


def sample(groups: Sequence[Group], seed: int) -> tuple[NDArray[np.float32], NDArray[np.int8], NDArray[np.float64]]:
    """Rows, labels and weights for the unit model; a set weighs by the root of its size, so that none dominates."""
    rng = np.random.default_rng(seed)
    similarity = FEATURES.index("sim_best")
    rows, labels, weights = [], [], []
    per_set: dict[str, int] = {}
    for group in groups:
        per_set[group.set_name] = per_set.get(group.set_name, 0) + 1
    for group in groups:
        positive = np.flatnonzero(group.labels == 1)
        negative = np.flatnonzero(group.labels == 0)
        if len(negative) > NEGATIVES:
            hard = negative[np.argsort(-group.features[negative, similarity])[: 2 * NEGATIVES // 3]]
            easy = rng.choice(np.setdiff1d(negative, hard), NEGATIVES // 3, replace=False)
            negative = np.concatenate([hard, easy])
        chosen = np.concatenate([positive, negative])
        rows.append(group.features[chosen])
        labels.append(group.labels[chosen])
        weights.append(np.full(len(chosen), 1.0 / np.sqrt(per_set[group.set_name])))
    weight = np.concatenate(weights)
    return np.concatenate(rows), np.concatenate(labels), weight / weight.mean()


def fit_units(groups: Sequence[Group]) -> Trees:
    """Boosted trees on the sampled rows: the mean of `COPIES` forests."""
    direction = [int(name in RISING) - int(name in FALLING) for name in FEATURES]
    grown = []
    for seed in range(SEED, SEED + COPIES):
        rows, labels, weights = sample(groups, seed)
        model = HistGradientBoostingClassifier(
            random_state=seed, early_stopping=False, monotonic_cst=direction, **TREES
        )
        grown.append(export(model.fit(rows, labels, sample_weight=weights)))
    return averaged(grown)


SECOND_TREES: dict[str, Any] = {
    "max_iter": 80,
    "learning_rate": 0.1,
    "max_leaf_nodes": 8,
    "min_samples_leaf": 60,
    "l2_regularization": 5.0,
    "max_features": 0.5,
}
SECOND_RISING = frozenset(
    {
        "margin",
        "rival_lead",
        "sibling_lead",
        "cross",
        "cross_over",
        "sim_best",
        "sim_text",
        "interaction",
        "over_competitors",
        "topic_over",
        "share_text",
    }
)
SECOND_FALLING = frozenset({"margin_rank", "cross_rank"})


def fit_second(
    columns: Sequence[NDArray[np.float32]], labels: Sequence[NDArray[np.int8]], names: Sequence[str]
) -> Trees:
    """The trees of the second look, over all candidates that were read again; every set weighs alike by its root."""
    rows, marks = np.concatenate(columns), np.concatenate(labels)
    weight = np.concatenate(
        [np.full(len(part), 1.0 / np.sqrt(names.count(name))) for part, name in zip(labels, names, strict=True)]
    )
    direction = [int(name in SECOND_RISING) - int(name in SECOND_FALLING) for name in REREAD_FEATURES]
    grown = []
    for seed in range(SEED, SEED + COPIES):
        model = HistGradientBoostingClassifier(
            random_state=seed, early_stopping=False, monotonic_cst=direction, **SECOND_TREES
        )
        grown.append(export(model.fit(rows, marks, sample_weight=weight / weight.mean())))
    return averaged(grown)


def export(model: HistGradientBoostingClassifier) -> Trees:
    """scikit-learn's trees as plain arrays."""
    parts: dict[str, list[Any]] = {name: [] for name in ("feature", "threshold", "left", "right", "value")}
    roots: list[int] = []
    offset = 0
    for (predictor,) in model._predictors:
        nodes = predictor.nodes
        leaf = nodes["is_leaf"].astype(bool)
        roots.append(offset)
        parts["feature"].append(nodes["feature_idx"].astype(np.int32))
        parts["threshold"].append(nodes["num_threshold"].astype(np.float32))
        parts["left"].append(np.where(leaf, -1, nodes["left"].astype(np.int64) + offset).astype(np.int32))
        parts["right"].append(np.where(leaf, -1, nodes["right"].astype(np.int64) + offset).astype(np.int32))
        parts["value"].append(nodes["value"].astype(np.float32))
        offset += len(nodes)
    arrays = {name: np.concatenate(part) for name, part in parts.items()}
    return Trees(
        **arrays, roots=np.asarray(roots, dtype=np.int32), baseline=float(np.ravel(model._baseline_prediction)[0])
    )


def platt(margins: NDArray[np.float64], labels: NDArray[np.int8]) -> tuple[float, float]:
    """Scale and shift that turn margins into calibrated log-odds (Platt 1999)."""
    fitted = LogisticRegression(C=1e6).fit(margins[:, None], labels)
    return float(fitted.coef_[0, 0]), float(fitted.intercept_[0])


def sigmoid(x: NDArray[np.float64]) -> NDArray[np.float32]:
    """Logistic function."""
    return np.asarray(1 / (1 + np.exp(-np.clip(x, -30, 30))), dtype=np.float32)


def second_probabilities(
    scales: Mapping[str, tuple[float, float]],
    margin: NDArray[np.float64],
    top: NDArray[np.int64],
    second: NDArray[np.float64],
) -> NDArray[np.float32]:
    """Probabilities of units of which those at `top` were read again, with what the trees of the second look say."""
    probabilities = sigmoid(scales["rest"][0] * margin + scales["rest"][1])
    probabilities[top] = sigmoid(scales["second"][0] * second + scales["second"][1])
    return probabilities


def average_precision(scores: NDArray[np.floating[Any]], labels: NDArray[np.int8]) -> float:
    """Average precision of one ranking of units."""
    order = np.argsort(-scores, kind="stable")
    hits = labels[order] > 0
    ranks = np.flatnonzero(hits) + 1
    return float((np.arange(1, len(ranks) + 1) / ranks).mean()) if len(ranks) else float("nan")


def save(
    path: Path,
    interaction: InteractionModel,
    trees: Trees,
    second_trees: Trees,
    scales: Mapping[str, tuple[float, float]],
    prior: tuple[NDArray[np.float32], float],
    card: dict[str, object],
    new: Mapping[str, Any] | None = None,
) -> None:
    """Write the weights with their card; `new` are those for frameworks that nothing learnt from, by name."""
    learnt: dict[str, Any] = {
        f"interaction_{name}": np.asarray(value, dtype=np.float16) for name, value in vars(interaction).items()
    }
    card = {
        **card,
        "features": list(FEATURES),
        "reread_features": list(REREAD_FEATURES),
        "prior_features": list(PRIOR_FEATURES),
        "new_prior_features": list(NEW_PRIOR_FEATURES),
    }
    forests: dict[str, Any] = {
        f"{prefix}{field.name}": np.asarray(getattr(forest, field.name))  # not what a forest keeps once it was asked
        for prefix, forest in (("", trees), ("second_", second_trees), *_forests(new or {}))
        for field in fields(forest)
    }
    arrays = {
        **forests,
        **learnt,
        **{name: np.asarray(scale, dtype=np.float64) for name, scale in scales.items()},
        "prior_weights": prior[0],
        "prior_bias": np.float64(prior[1]),
        **{name: value for name, value in (new or {}).items() if not isinstance(value, Trees)},
        "card": np.asarray(json.dumps(card)),
    }
    save_arrays(path, arrays)


def _forests(new: Mapping[str, Any]) -> list[tuple[str, Trees]]:
    return [(f"{name}_", value) for name, value in new.items() if isinstance(value, Trees)]


def save_arrays(path: Path, arrays: Mapping[str, Any]) -> None:
    """Write arrays by name, compressed; readable without pickle."""
    np.savez_compressed(path, allow_pickle=False, **arrays)
