"""What a judge is asked and what it answers, whether it is a small model or a language model.

A judge only proposes: its quotes are verified, and rules about kind, validity, scope and contradiction may lower its
verdict but never raise it (`assistant.judge.conclusion`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Protocol

from assistant.models import Criterion, EvidenceKind, Requirement, Site, Stance
from assistant.retrieve.prepared import PassageRef


class Opinion(StrEnum):
    """A judge's verdict on one requirement before any rule is applied."""

    SUPPORTED = "supported"
    PARTLY = "partly"
    ABSENT = "absent"
    CONTRADICTED = "contradicted"
    UNSURE = "unsure"


@dataclass(frozen=True, slots=True)
class Proposal:
    """A quote a judge proposes, with the place where it says it stands (`start` is a hint for repeated text).

    `judged` is where the judged sentences stand in the page's text, the others being their context (None: all were).
    `strength` is the judge's probability that the quote speaks to the requirement, in [0, 1]. `kind` is what the judge
    says it is (None: nothing); `classified` what the kind classifier says, where it was asked already; `claimed` the
    requirement for which these words speak more clearly, if there is one.
    """

    sha256: str
    page: int
    quote: str
    strength: float
    start: int = 0
    kind: EvidenceKind | None = None
    stance: Stance = Stance.SUPPORTS
    reason: str = ""
    score_parts: dict[str, float] = field(default_factory=dict)
    classified: EvidenceKind | None = None
    claimed: str = ""
    judged: tuple[int, int] | None = None

    @property
    def extent(self) -> tuple[int, int]:
        """Where what was judged begins and ends in the page's text, by the hint `start`."""
        return self.judged or (self.start, self.start + len(self.quote))

    @property
    def judged_words(self) -> str:
        """What was judged of the quote, by the hint `start`."""
        first, last = self.extent
        return self.quote[first - self.start : last - self.start]


@dataclass(frozen=True, slots=True)
class Case:
    """One requirement to judge: the passages in the order of the fused ranking, best first, numbered from 1.

    `spans` are the extractive proposals over the whole site, best first; `prior` is the calibrated probability in
    [0, 1] that the documents hold evidence at all, `carried` that those do which hold a strong quote of their own, and
    `called` what the model calls this by its thresholds: supported, absent, or unsure between them. All come from the
    evidence model in use. `practice_age` is the framework's limit in months for records and figures, if any.
    """

    criterion: Criterion
    requirement: Requirement
    site: Site
    today: date
    passages: tuple[PassageRef, ...]
    spans: tuple[Proposal, ...]
    prior: float
    carried: float
    called: Opinion
    practice_age: int | None = None


@dataclass(frozen=True, slots=True)
class Usage:
    """What asking a language model cost, in tokens and calls; `cached` calls were answered from the cache."""

    calls: int = 0
    cached: int = 0
    tokens_in: int = 0
    tokens_out: int = 0


@dataclass(frozen=True, slots=True)
class Judgement:
    """A judge's answer for one case. `exchange` are the hashes of the stored prompts and answers, if any."""

    opinion: Opinion
    strength: float
    proposals: tuple[Proposal, ...] = ()
    missing: str = ""
    notes: tuple[str, ...] = ()
    exchange: tuple[str, ...] = ()
    usage: Usage = Usage()


class Judge(Protocol):
    """Answers cases one by one, in order. `name` changes whenever the answers could."""

    name: str

    def judge(self, cases: Sequence[Case]) -> Iterator[Judgement]:
        """One judgement a case, in order. Never raises for what a model says: it abstains (`Opinion.UNSURE`)."""
        ...
