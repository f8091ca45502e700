"""The evidence model: how probable it is that a unit is evidence, and that the documents hold any at all.

Small models trained on labelled sets (evaluation/training): the interaction model over sentence vectors, boosted trees
over the named columns of `assistant.judge.features` (its score among them), smaller trees that weigh what the
cross-encoder says of the best candidates (`assistant.judge.reread`), and a logistic regression over the best units for
the requirement as a whole. What comes out is calibrated. Prediction here needs numpy only; the weights are data, never
code (no pickle).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields, replace
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assistant.errors import ModelError
from assistant.index.words import tokens
from assistant.judge.features import FEATURES
from assistant.judge.interaction import InteractionModel
from assistant.judge.reread import REREAD_FEATURES

_LEAST = 1e-4
WEIGHTS = Path(__file__).parent / "data" / "evidence-model.npz"
NEW = "new_frameworks"
"""Entry of the card: thresholds and promise for frameworks that nothing learnt from."""

PRIOR_FEATURES: tuple[str, ...] = ("best_1", "best_2", "best_3", "mean_5", "mean_10")
"""Columns of the requirement-level model, in order: log-odds of the best units. More columns (similarities, topic) were
better on the sets they were fitted on and worse on a site they never saw."""

NEW_PRIOR_FEATURES: tuple[str, ...] = (*PRIOR_FEATURES, "share_text")
"""Columns of the requirement-level model of a framework that nothing learnt from: beside what the other parts, which do
not know it, make of the units counts the share of the requirement's words in the best one. Similarities of sentences
added nothing to that."""
_FOREIGN = FEATURES.index("foreign")
_PLAIN = np.asarray([FEATURES.index(name) for name in NEW_PRIOR_FEATURES[len(PRIOR_FEATURES) :]], dtype=np.int64)

LEARNT_FROM = 0.45
"""A requirement whose statement is at least this similar (cosine) to one that was learnt from is known. Half of those
of any one framework are below .41 against the others (but for two that ask the same of climate reports), and above .46
where the same is asked in other words."""
ALIKE = 2 / 3
"""Share of their words that two units (with their context) have in common when they count as one in the requirement's
probability."""
BACKGROUND = 0.01
"""Probability that stands for each unit that a site lacks to ten: that of the tenth best where there is no evidence."""
_BEST = 10


@dataclass(frozen=True)
class Trees:
    """Boosted regression trees as arrays: `feature`, `threshold`, `left`, `right`, `value` by node; `roots` by tree.

    A node with `left` -1 is a leaf. A row goes left when its column is at most the threshold.
    """

    feature: NDArray[np.int32]
    threshold: NDArray[np.float32]
    left: NDArray[np.int32]
    right: NDArray[np.int32]
    value: NDArray[np.float32]
    roots: NDArray[np.int32]
    baseline: float

    def margin(self, rows: NDArray[np.float32]) -> NDArray[np.float64]:
        """The sum of the trees for each row, shape (len(rows),)."""
        total = np.full(len(rows), self.baseline, dtype=np.float64)
        if not len(rows):
            return total
        next_node, feature, depth = self._levels
        # All rows go down all trees together, one level at a time: shape (trees, rows).
        cells = np.ascontiguousarray(rows).ravel()
        first_cell = np.arange(len(rows), dtype=np.int64) * rows.shape[1]
        node = np.repeat(self.roots.astype(np.int64)[:, None], len(rows), axis=1)
        for _ in range(depth):
            goes_left = cells.take(feature.take(node) + first_cell) <= self.threshold.take(node)
            node = next_node.take(2 * node + goes_left)
        for values in self.value.take(node):
            total += values
        return total

    @cached_property
    def _levels(self) -> tuple[NDArray[np.int64], NDArray[np.int64], int]:
        """Right and left child of each node in turn (a leaf is its own), the column it asks for, and the depth."""
        own, leaf = np.arange(len(self.left), dtype=np.int64), self.left < 0
        children = np.stack([np.where(leaf, own, self.right), np.where(leaf, own, self.left)], axis=1)
        depth, level = 0, self.roots[self.left[self.roots] >= 0]
        while len(level):
            depth += 1
            below = np.concatenate([self.left[level], self.right[level]])
            level = below[self.left[below] >= 0]
        return children.ravel(), np.where(leaf, 0, self.feature).astype(np.int64), depth


def averaged(forests: Sequence[Trees]) -> Trees:
    """One forest whose margin is the mean of the forests' margins."""
    starts = np.cumsum([0, *(len(forest.feature) for forest in forests)])[:-1].astype(np.int32)
    lefts = [np.where(one.left < 0, -1, one.left + at) for one, at in zip(forests, starts, strict=True)]
    rights = [np.where(one.left < 0, -1, one.right + at) for one, at in zip(forests, starts, strict=True)]
    return Trees(
        feature=np.concatenate([one.feature for one in forests]),
        threshold=np.concatenate([one.threshold for one in forests]),
        left=np.concatenate(lefts).astype(np.int32),
        right=np.concatenate(rights).astype(np.int32),
        value=np.concatenate([one.value / np.float32(len(forests)) for one in forests], dtype=np.float32),
        roots=np.concatenate([one.roots + at for one, at in zip(forests, starts, strict=True)]).astype(np.int32),
        baseline=float(np.mean([one.baseline for one in forests])),
    )


@dataclass(frozen=True)
class EvidenceModel:
    """Unit and requirement probabilities with the thresholds fitted for the stated promise.

    `learnt` are the vectors of the requirements that labels spoke of, shape (n, sentence dimension); `elsewhere` is the
    model for frameworks of others, where there is one: the same parts, trusted as far as they hold there. That one
    learnt from English alone, so `abroad` is its model for documents in other languages.
    """

    interaction: InteractionModel
    trees: Trees
    first: tuple[float, float]
    rest: tuple[float, float]
    second_trees: Trees
    second: tuple[float, float]
    prior_weights: NDArray[np.float32]
    prior_bias: float
    card: dict[str, object]
    version: str
    learnt: NDArray[np.float16] | None = None
    elsewhere: EvidenceModel | None = None
    abroad: EvidenceModel | None = None

    def for_framework(self, statements: NDArray[np.float32]) -> EvidenceModel:
        """The model for a framework whose requirements' statements have these vectors, shape (n, dimension).

        It is known when half of its requirements are as similar to ones that were learnt from as `LEARNT_FROM` says.
        """
        if self.elsewhere is None or not len(statements):
            return self
        return self if self.nearness(statements) >= LEARNT_FROM else self.elsewhere

    def nearness(self, statements: NDArray[np.float32]) -> float:
        """The cosine that half of these statements reach with what was learnt from; 1 where that is not recorded."""
        if self.learnt is None:
            return 1.0
        return float(np.median((statements @ self.learnt.astype(np.float32).T).max(axis=1)))

    def for_candidates(self, values: NDArray[np.float32]) -> EvidenceModel:
        """The model for units with these columns `FEATURES`: that of `abroad` where half of them are no English."""
        if self.abroad is None or not len(values):
            return self
        return self.abroad if float(values[:, _FOREIGN].mean()) >= 0.5 else self

    def first_look(self, margins: NDArray[np.float64]) -> NDArray[np.float32]:
        """Calibrated probability of units by the first trees' margins alone, shape (len(margins),)."""
        return _sigmoid(self.first[0] * margins + self.first[1])

    def second_look(
        self, margins: NDArray[np.float64], top: NDArray[np.int64], columns: NDArray[np.float32]
    ) -> NDArray[np.float32]:
        """Calibrated probability of units of which those at `top` were read again, with these reread columns."""
        probabilities = _sigmoid(self.rest[0] * margins + self.rest[1])
        if len(top):
            probabilities[top] = _sigmoid(self.second[0] * self.second_trees.margin(columns) + self.second[1])
        return probabilities

    def prior(
        self, probabilities: NDArray[np.float32], text_of: Callable[[int], str], values: NDArray[np.float32]
    ) -> float:
        """Calibrated probability that the requirement has evidence in the documents searched.

        `text_of` gives the words of the unit at a place in `probabilities`; `values` are their columns `FEATURES`.
        """
        row = prior_row(probabilities, text_of)
        if len(self.prior_weights) > len(row):
            row = np.concatenate([row, plain_row(values)])
        return float(_sigmoid(np.asarray([self.prior_weights @ row + self.prior_bias]))[0])

    @property
    def gap_below(self) -> float:
        """A requirement whose prior is below this is called a gap."""
        return float(self.card["gap_below"])  # type: ignore[arg-type]

    @property
    def supported_from(self) -> float:
        """A requirement whose prior is at least this is called supported (if the rules allow)."""
        return float(self.card["supported_from"])  # type: ignore[arg-type]

    @property
    def promise(self) -> str:
        """The stated promise on gaps, with the bound and where it was measured."""
        return str(self.card["promise"])


def prior_row(probabilities: NDArray[np.float32], text_of: Callable[[int], str]) -> NDArray[np.float32]:
    """The columns `PRIOR_FEATURES` for one requirement from its candidate units' probabilities.

    Of units that say nearly the same (`ALIKE`) only the best counts: a form's lines are no ten pieces of evidence. What
    is missing to ten counts as words beside the point.
    """
    if not len(probabilities):
        return np.full(len(PRIOR_FEATURES), np.log(_LEAST), dtype=np.float32)
    best = np.clip(probabilities[_distinct(probabilities, text_of)], _LEAST, 1 - _LEAST)
    padded = np.concatenate([best, np.full(_BEST - len(best), min(BACKGROUND, best[-1]))])
    odds = np.log(padded / (1 - padded))
    return np.asarray([*odds[:3], odds[:5].mean(), odds.mean()], dtype=np.float32)


def plain_row(values: NDArray[np.float32]) -> NDArray[np.float32]:
    """The columns that `NEW_PRIOR_FEATURES` has beside `PRIOR_FEATURES`, from the columns `FEATURES` of the units."""
    return values[:, _PLAIN].max(axis=0) if len(values) else np.zeros(len(_PLAIN), dtype=np.float32)


def _distinct(probabilities: NDArray[np.float32], text_of: Callable[[int], str]) -> list[int]:
    """Places of the best units in turn, at most ten, without those that are like a better one."""
    chosen: list[int] = []
    seen: list[frozenset[str]] = []
    for place in np.argsort(-probabilities, kind="stable"):
        words = frozenset(tokens(text_of(int(place))))
        if not any(len(words & other) >= ALIKE * len(words | other) for other in seen):
            chosen.append(int(place))
            seen.append(words)
        if len(chosen) == _BEST:
            break
    return chosen


def _trees(data: Any, prefix: str) -> Trees:
    arrays = {field.name: data[f"{prefix}{field.name}"] for field in fields(Trees)}
    return Trees(**{**arrays, "baseline": float(arrays["baseline"])})


def _pair(values: NDArray[np.float64]) -> tuple[float, float]:
    return float(values[0]), float(values[1])


def _sigmoid(x: NDArray[np.float64]) -> NDArray[np.float32]:
    return (1.0 / (1.0 + np.exp(-np.clip(x, -30, 30)))).astype(np.float32)


@lru_cache(maxsize=2)
def load_evidence_model(path: Path = WEIGHTS) -> EvidenceModel:
    """The model stored at `path`. Raises `ModelError` when it is missing or was trained for other features."""
    if not path.is_file():
        raise ModelError(f"{path.name} is missing; reinstall Assay, or train it with python -m evaluation.training.")
    with np.load(path, allow_pickle=False) as data:
        card = json.loads(str(data["card"]))
        expected = {"features": FEATURES, "reread_features": REREAD_FEATURES, "prior_features": PRIOR_FEATURES}
        if "learnt" in data:
            expected["new_prior_features"] = NEW_PRIOR_FEATURES
        if any(tuple(card.get(name, ())) != columns for name, columns in expected.items()):
            raise ModelError(
                f"{path.name} was trained for other features; train it again: python -m evaluation.training."
            )
        parts = {field.name: data[f"interaction_{field.name}"] for field in fields(InteractionModel)}
        weights: dict[str, Any] = {
            name: part.astype(np.float32) if part.ndim else float(part) for name, part in parts.items()
        }
        known = EvidenceModel(
            interaction=InteractionModel(**weights),
            trees=_trees(data, ""),
            first=_pair(data["first"]),
            rest=_pair(data["rest"]),
            second_trees=_trees(data, "second_"),
            second=_pair(data["second"]),
            prior_weights=data["prior_weights"],
            prior_bias=float(data["prior_bias"]),
            card=card,
            version=hashlib.sha256(path.read_bytes()).hexdigest()[:12],
        )
        if "learnt" not in data:
            return known
        own = EvidenceModel(
            interaction=known.interaction,
            trees=averaged([known.trees, _trees(data, "new_trees_")]),
            first=_pair(data["new_first"]),
            rest=_pair(data["new_rest"]),
            second_trees=averaged([known.second_trees, _trees(data, "new_second_trees_")]),
            second=_pair(data["new_second"]),
            prior_weights=data["new_prior_weights"],
            prior_bias=float(data["new_prior_bias"]),
            card={**card, **card[NEW]},
            version=f"{known.version}/new",
        )
        return replace(known, learnt=data["learnt"], elsewhere=replace(own, abroad=known))
