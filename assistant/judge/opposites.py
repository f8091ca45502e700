"""What is the opposite of what the evidence model says: there another judge's word is not enough, a person decides."""

from __future__ import annotations

from assistant.judge.protocol import Opinion
from assistant.models import Status

_OPINIONS: dict[Opinion, frozenset[Opinion]] = {
    Opinion.SUPPORTED: frozenset({Opinion.ABSENT, Opinion.CONTRADICTED}),
    Opinion.ABSENT: frozenset({Opinion.SUPPORTED, Opinion.PARTLY, Opinion.CONTRADICTED}),
}
_STATUSES: dict[Status, frozenset[Status]] = {
    Status.SUPPORTED: frozenset({Status.GAP}),
    Status.PARTLY: frozenset({Status.GAP}),
    Status.GAP: frozenset({Status.SUPPORTED, Status.PARTLY}),
}


def opposite_opinions(called: Opinion, said: Opinion) -> bool:
    """Whether a verdict is the opposite of what the evidence model calls; between its thresholds it calls nothing."""
    return said in _OPINIONS.get(called, frozenset())


def opposite_statuses(own: Status, other: Status) -> bool:
    """Whether a status is the opposite of the one that the evidence model and the rules come to."""
    return other in _STATUSES.get(own, frozenset())
