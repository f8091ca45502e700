"""What judging one set leaves behind, before it is summed up: rankings, pairs, proposals and counts.

Everything here is small and picklable, because worker processes send it back.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

CALLED_EVIDENCE = "evidence"
CALLED_GAP = "gap"
CALLED_ABSTAINED = "abstained"
CALLED_CONTRADICTED = "contradicted"
CALLED_NOT_APPLICABLE = "not applicable"


@dataclass(frozen=True, slots=True)
class GoldResult:
    """What became of one gold quote: the ranks (1 is best) at which a quote and a passage found it, if any did."""

    document: str
    quote: str
    grade: float
    kind: str
    located: bool
    reachable: bool
    quote_rank: int | None
    passage_rank: int | None
    found_kind: str


@dataclass(frozen=True, slots=True)
class RankRow:
    """One scored ranking: a judged pair with gold quotes, or a criterion of a collection."""

    unit: str
    document: str
    requirement: str
    language: str
    quotes: dict[str, float]
    passages: dict[str, float]
    golds: tuple[GoldResult, ...]
    top: tuple[dict[str, Any], ...] = ()
    paragraphs: dict[str, float] = field(default_factory=dict)
    """Scores of the document's paragraphs by the best proposal in each; empty where there is nothing to rank."""


@dataclass(frozen=True, slots=True)
class PairRow:
    """One judged pair: what the label says (`verdict`) and what the engine called it."""

    unit: str
    document: str
    requirement: str
    language: str
    verdict: str
    called: str
    status: str
    strength: float
    here: bool
    queries: tuple[str, ...] = ()
    top: tuple[dict[str, Any], ...] = ()


@dataclass(frozen=True, slots=True)
class ProposalRow:
    """One proposed quote for a judged pair: its stated strength and whether it found a gold quote."""

    unit: str
    strength: float
    relevant: bool
    shown: bool
    requirement: str = ""


@dataclass(slots=True)
class Rows:
    """All rows of a set, or of a part of it."""

    rankings: list[RankRow] = field(default_factory=list)
    language_rankings: list[RankRow] = field(default_factory=list)
    pairs: list[PairRow] = field(default_factory=list)
    proposals: list[ProposalRow] = field(default_factory=list)
    shown: int = 0
    verified: int = 0
    failed: int = 0
    overlong: int = 0
    misplaced: int = 0

    def add(self, other: Rows) -> None:
        """Take over the rows and counts of another part."""
        self.rankings += other.rankings
        self.language_rankings += other.language_rankings
        self.pairs += other.pairs
        self.proposals += other.proposals
        self.shown += other.shown
        self.verified += other.verified
        self.failed += other.failed
        self.overlong += other.overlong
        self.misplaced += other.misplaced
