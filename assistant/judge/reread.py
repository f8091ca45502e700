"""The second look: the best candidates are read together with the requirement, and what that says is weighed.

What the boosted trees make of a candidate's figures (`margin`) and what the cross-encoder makes of its words (`cross`)
become one probability through a second, smaller set of trees. They also see which criteria compete for the same words:
a sentence that speaks more clearly for another criterion is seldom evidence for this one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assistant.judge.features import FEATURES

REREAD = 16
"""Candidates a requirement that are read again: the best of the first look."""
_NOT_READ = -8.0
NO_RIVAL = -8.0
"""The rival's margin of a unit that is a candidate of no other criterion."""
_CARRIED = (
    "sim_best", "sim_text", "interaction", "over_competitors", "topic_over", "share_text", "length", "foreign",
    "site_size", "cue_promise", "cue_rule", "cue_done", "cue_negation", "full_stop",
)  # fmt: skip
_COLUMNS = np.asarray([FEATURES.index(name) for name in _CARRIED], dtype=np.int64)

REREAD_FEATURES: tuple[str, ...] = (
    "margin", "margin_rank", "rival", "rival_lead", "sibling_lead",
    "cross", "cross_rank", "cross_over", "cross_best", "cross_near", *_CARRIED,
)  # fmt: skip
"""Column names, in order. `rival` is the highest margin of the same unit for a requirement of another criterion,
`sibling_lead` the lead over all other requirements,
`cross_over` the lead over the best other candidate, `cross_near` the better neighbour."""


def best_rows(margins: NDArray[np.float64], count: int = REREAD) -> NDArray[np.int64]:
    """Places of the `count` highest margins, best first."""
    return np.argsort(-margins, kind="stable")[:count].astype(np.int64)


@dataclass(frozen=True, eq=False)
class Rivalry:
    """What units are worth to owners: the two highest values of each unit, of different owners, and whose the first is.

    `best`, `second` and `owner` have one entry a unit, up to the last one that anybody has a value for.
    """

    best: NDArray[np.float64]
    second: NDArray[np.float64]
    owner: NDArray[np.int64]
    numbers: Mapping[str, int]
    none: float

    @classmethod
    def of(
        cls, looks: Sequence[tuple[str, NDArray[np.int64], NDArray[np.floating[Any]]]], none: float = NO_RIVAL
    ) -> Rivalry:
        """From looks (owner, units, values); a unit that nobody looks at is worth `none`."""
        count = 1 + max((int(units.max()) for _, units, _ in looks if len(units)), default=-1)
        best, second = np.full(count, none), np.full(count, none)
        owner = np.full(count, -1, dtype=np.int64)
        numbers = {name: number for number, name in enumerate(dict.fromkeys(name for name, _, _ in looks))}
        for name, number in numbers.items():
            own = np.full(count, -np.inf)
            for one, units, values in looks:
                if one == name:
                    own[units] = np.maximum(own[units], values)
            leads = own > best
            second = np.where(leads, best, np.maximum(second, own))
            best, owner = np.where(leads, own, best), np.where(leads, number, owner)
        return cls(best, second, owner, numbers, none)

    def against(self, name: str, units: NDArray[np.int64]) -> NDArray[np.float64]:
        """The highest value of each of these units for any other owner, or `none`."""
        found = np.full(len(units), self.none)
        known = units < len(self.best)
        those = units[known]
        other = np.where(self.owner[those] == self.numbers.get(name, -2), self.second[those], self.best[those])
        found[known] = np.maximum(other, self.none)
        return found


def rivals(
    looks: Sequence[tuple[str, NDArray[np.int64], NDArray[np.floating[Any]]]], none: float = NO_RIVAL
) -> list[NDArray[np.float64]]:
    """For each look (owner, units, values) the highest value of each unit for any other owner, or `none`."""
    rivalry = Rivalry.of(looks, none)
    return [rivalry.against(name, units) for name, units, _ in looks]


def reread_features(
    values: NDArray[np.float32],
    rows: NDArray[np.int64],
    margins: NDArray[np.float64],
    rival: NDArray[np.float64],
    sibling: NDArray[np.float64],
    top: NDArray[np.int64],
    cross: NDArray[np.float32],
) -> NDArray[np.float32]:
    """Columns of the candidates `top` (places in `values`, whose units are `rows`), shape (len(top), columns)."""
    order = np.argsort(-cross, kind="stable")
    rank = np.empty(len(top), dtype=np.float32)
    rank[order] = np.arange(len(top))
    best = float(cross[order[0]]) if len(top) else _NOT_READ
    second = float(cross[order[1]]) if len(top) > 1 else _NOT_READ
    by_unit = dict(zip((int(row) for row in rows[top]), (float(score) for score in cross), strict=True))
    near = [max(by_unit.get(int(row) - 1, _NOT_READ), by_unit.get(int(row) + 1, _NOT_READ)) for row in rows[top]]
    named = [
        margins[top],
        np.arange(len(top)),
        rival[top],
        margins[top] - rival[top],
        margins[top] - sibling[top],
        cross,
        rank,
        cross - np.where(cross >= best, second, best),
        np.full(len(top), best),
        np.asarray(near),
    ]
    columns = np.stack([np.asarray(column, dtype=np.float32) for column in named], axis=1)
    return np.hstack([columns, values[np.ix_(top, _COLUMNS)]])
