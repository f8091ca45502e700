"""The two looks at candidates: what is measured for each requirement, who competes for its words, what is read again.

The first look finds the candidates of a requirement and gives each a margin; once all requirements have looked they
compete, and the second look reads the best ones again. What comes out is how probable each candidate is as evidence,
and for which requirement it speaks most clearly.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from assistant.index.cross_encoder import as_pair
from assistant.judge.contents import Contents
from assistant.judge.contradiction import Accusation, accusations
from assistant.judge.evidence_model import EvidenceModel
from assistant.judge.features import Surface, features
from assistant.judge.kinds import KindClassifier
from assistant.judge.people import outsiders
from assistant.judge.reading import as_read, in_context, spoken
from assistant.judge.reread import NO_RIVAL, Rivalry, best_rows, reread_features
from assistant.judge.similarities import Similarities
from assistant.models import Framework, Site
from assistant.progress import Progress
from assistant.retrieve import Prepared, RequirementQuery, candidates
from assistant.retrieve.search import highest, passage_scores

DEPTH = 60
"""Quotes and passages kept in a ranking."""
BATCH = 16
"""Requirements that are looked at together; it divides the number of those whose cosines are measured together."""
CLAIMED = 1.1
"""Words that are this much likelier evidence for another requirement of the same criterion, or likelier at all for
one of another, close nothing here: on the sample site 4 in 78 of such quotes were right, and half of the others."""


@dataclass(frozen=True, eq=False)
class Run:
    """What is measured once for a site and a framework; `accusations` are the reported breaches, by query."""

    prepared: Prepared
    framework: Framework
    site: Site
    today: date
    queries: list[RequirementQuery]
    similarities: Similarities
    surface: Surface
    kinds: KindClassifier
    contents: Contents
    accusations: dict[int, tuple[Accusation, ...]]
    for_outsiders: NDArray[np.bool_]

    def taught(self, queries: list[RequirementQuery]) -> Run:
        """The same with queries that hold confirmed quotes as well."""
        return replace(self, queries=queries, similarities=self.similarities.with_queries(queries))


@dataclass(eq=False)
class Look:
    """The candidates of requirement number `index`: units `rows`, their figures, which of them are read again (`top`).

    `pairs` is what the cross-encoder reads of them. Once all requirements have looked, `rival` and `sibling` say what
    each unit is worth to another criterion and to another requirement; once the pairs were read, `probabilities` follow
    and `claimed` (number of the requirement a unit speaks for more clearly, or -1). All are of shape (len(rows),), and
    so is `cross`, what the cross-encoder says (NaN where it did not read).
    `passages` are those that may be ranked, with their fused scores. `model` weighs them. `untaught` is the look
    without confirmed quotes among the queries, where this one has them: how probable evidence is hangs on that one.
    """

    index: int
    model: EvidenceModel
    passages: NDArray[np.int64]
    by_passage: NDArray[np.float64]
    rows: NDArray[np.int64]
    accused: dict[int, float]
    values: NDArray[np.float32]
    margins: NDArray[np.float64]
    top: NDArray[np.int64]
    pairs: list[str]
    rival: NDArray[np.float64] = field(default_factory=lambda: np.zeros(0))
    sibling: NDArray[np.float64] = field(default_factory=lambda: np.zeros(0))
    claimed: NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    probabilities: NDArray[np.float32] = field(default_factory=lambda: np.zeros(0, dtype=np.float32))
    cross: NDArray[np.float32] = field(default_factory=lambda: np.zeros(0, dtype=np.float32))
    untaught: Look | None = None

    def keep(self, untaught: Look) -> None:
        """Take over what the look without confirmed quotes found likelier; its candidates are among these."""
        at = np.searchsorted(self.rows, untaught.rows)
        higher = untaught.probabilities >= self.probabilities[at]
        kept = at[higher]
        for name in ("values", "margins", "rival", "sibling", "probabilities", "cross"):
            getattr(self, name)[kept] = getattr(untaught, name)[higher]
        self.untaught = untaught

    def parts(self, prepared: Prepared, place: int) -> dict[str, float]:
        """What decided about candidate number `place`, by name.

        `fused_rank` of its passage by words and vectors (1 is best; under the first `DEPTH` only passages with
        candidates count), `margin` of the first look, `rival` and `sibling` (the margin of the same words for another
        criterion and for another requirement), `cross`, `probability` of the unit. What there is not is left out.
        """
        passage = np.searchsorted(self.passages, prepared.unit_passage[self.rows[place]])
        found = {
            "probability": float(self.probabilities[place]),
            "cross": float(self.cross[place]),
            "margin": float(self.margins[place]),
            "rival": float(self.rival[place]),
            "sibling": float(self.sibling[place]),
            "fused_rank": 1.0 + int((self.by_passage > self.by_passage[passage]).sum()),
        }
        alone = {name for name in ("rival", "sibling") if found[name] <= NO_RIVAL}
        return {name: round(value, 4) for name, value in found.items() if np.isfinite(value) and name not in alone}


@dataclass(frozen=True, eq=False)
class Contest:
    """What words are worth to all requirements: margins of the first look, then the highest probability of each unit
    (`best`) and the number of the requirement it is for (`owner`); `criteria` are theirs, by number."""

    criteria: Sequence[str]
    by_criterion: Rivalry
    by_requirement: Rivalry
    best: NDArray[np.float32]
    owner: NDArray[np.int64]

    def meet(self, look: Look) -> None:
        """Tell a look its rivals and siblings."""
        look.rival = self.by_criterion.against(self.criteria[look.index], look.rows)
        look.sibling = self.by_requirement.against(str(look.index), look.rows)

    def claim(self, look: Look) -> None:
        """Tell a look which of its candidates speak for another requirement more clearly."""
        first = self.owner[look.rows]
        elsewhere = (first >= 0) & (np.asarray(self.criteria)[first] != self.criteria[look.index])
        lead = self.best[look.rows] / np.maximum(look.probabilities, np.float32(1e-9))
        lost = (first != look.index) & ((lead >= CLAIMED) | (elsewhere & (lead > 1)))
        look.claimed = np.where(lost, first, -1)


def measured(
    prepared: Prepared,
    framework: Framework,
    site: Site,
    today: date,
    queries: list[RequirementQuery],
    kinds: KindClassifier,
) -> Run:
    """What all requirements of a framework share on a site."""
    return Run(
        prepared=prepared,
        framework=framework,
        site=site,
        today=today,
        queries=queries,
        similarities=(sims := Similarities(prepared, queries)),
        surface=Surface(prepared),
        kinds=kinds,
        contents=Contents(prepared),
        accusations=accusations(prepared, queries, sims),
        for_outsiders=np.asarray([bool(outsiders(document)) for document in prepared.documents]),
    )


class Looks:
    """Weighs candidates by `model`; `read` gives the scores of pairs as the cross-encoder reads them, shape (pairs,).

    Without `read` nothing is read again. `own_reader` says that it is the cross-encoder that the model learnt with.
    """

    def __init__(
        self, model: EvidenceModel, read: Callable[[list[str]], NDArray[np.float32]] | None, *, own_reader: bool
    ) -> None:
        self._model, self._read, self._own_reader = model, read, own_reader

    def first(self, run: Run, index: int, also: NDArray[np.int64] | None = None) -> Look:
        """The candidates of requirement number `index` with their figures; units `also` are among them."""
        prepared, query, sims = run.prepared, run.queries[index], run.similarities
        _, requirement = run.framework.find(query.requirement.id)
        cosines = sims.of(index)
        by_passage = passage_scores(prepared, query, np.maximum(cosines.passage, cosines.passage_probe))
        rows = candidates(prepared, query, cosines.best.astype(np.float32), by_passage)
        accused = {accusation.unit: accusation.strength for accusation in run.accusations.get(index, ())}
        rows = np.union1d(rows[~run.contents.holds(rows)], np.asarray([*accused], dtype=np.int64))
        rows = rows if also is None else np.union1d(rows, also)
        interaction, near = self._model.interaction, sims.near(index, rows)
        learnt = interaction.scores(
            interaction.project_units(prepared, rows),
            interaction.project_query(query.text),
            near.text.astype(np.float32),
        )
        values = features(prepared, query, index, rows, sims, run.surface, near, by_passage, learnt)
        model = self._model.for_candidates(values)
        margins = model.trees.margin(values)
        top = best_rows(margins) if self._read else best_rows(margins, 0)
        spoken_text = spoken(query.title, requirement)
        pairs = [as_pair(spoken_text, as_read(prepared, int(rows[place]))) for place in top]
        # No passage can be among the first `DEPTH` that neither holds a candidate nor is among the first by score.
        passages = np.union1d(prepared.unit_passage[rows], highest(by_passage, DEPTH))
        return Look(index, model, passages, by_passage[passages], rows, accused, values, margins, top, pairs)

    def compete(self, run: Run, looks: Sequence[Look], report: Progress) -> Contest:
        """Give each look its probabilities, knowing what the same words are worth to the others."""
        contest = Contest(
            criteria=[query.criterion_id for query in run.queries],
            by_criterion=Rivalry.of(
                [(run.queries[look.index].criterion_id, look.rows, look.margins) for look in looks]
            ),
            by_requirement=Rivalry.of([(str(look.index), look.rows, look.margins) for look in looks]),
            best=np.zeros(len(run.prepared.units), dtype=np.float32),
            owner=np.full(len(run.prepared.units), -1, dtype=np.int64),
        )
        for look in looks:
            contest.meet(look)
        for at in range(0, len(looks), BATCH):
            self._read_again(looks[at : at + BATCH])
            report(min(at + BATCH, len(looks)), len(looks), "reading the best candidates again")
        for look in looks:
            leads = look.probabilities > contest.best[look.rows]
            contest.best[look.rows[leads]] = look.probabilities[leads]
            contest.owner[look.rows[leads]] = look.index
        for look in looks:
            contest.claim(look)
        return contest

    def teach(
        self, taught: Run, looks: Sequence[Look], contest: Contest, pool: Executor, report: Progress
    ) -> list[Look]:
        """These looks, in catalogue order, with what confirmed quotes find beside; nothing found is worth less for it.

        What their words are worth to other requirements, and the other way round, was settled without those quotes.
        """
        found: list[Look] = []
        for _, group in groupby(looks, key=lambda look: look.index // BATCH):
            some = list(group)
            taught.similarities.of(some[0].index)  # measured once for all of these, before two threads ask
            more = list(pool.map(lambda look: self.first(taught, look.index, also=look.rows), some))
            for look in more:
                contest.meet(look)
            self._read_again(more)
            for look, other in zip(some, more, strict=True):
                other.keep(look)
                contest.claim(other)
            found += more
            report(len(found), len(looks), "searching by confirmed quotes")
        return found

    def _read_again(self, looks: Sequence[Look]) -> None:
        """Let the cross-encoder read the best candidates of these requirements, all together."""
        pairs = [pair for look in looks for pair in look.pairs]
        scores = self._read(pairs) if self._read and pairs else np.zeros(0, dtype=np.float32)
        at = 0
        for look in looks:
            cross = scores[at : at + len(look.pairs)]
            look.cross = np.full(len(look.rows), np.nan, dtype=np.float32)
            look.cross[look.top[: len(cross)]] = cross
            at += len(look.pairs)
            if not len(cross):
                look.probabilities = look.model.first_look(look.margins)
            elif self._own_reader:
                columns = reread_features(
                    look.values, look.rows, look.margins, look.rival, look.sibling, look.top, cross
                )
                look.probabilities = look.model.second_look(look.margins, look.top, columns)
            else:
                # Another cross-encoder has another scale: it orders the best candidates, their probabilities stay.
                look.probabilities = look.model.first_look(look.margins)
                look.probabilities[look.top[np.argsort(-cross, kind="stable")]] = look.probabilities[look.top]

    def prior(self, prepared: Prepared, look: Look, those: NDArray[np.bool_]) -> float:
        """How probable it is that those of the candidates are evidence enough."""
        rows = look.rows[those]
        text_of = lambda place: in_context(prepared, int(rows[place]))  # noqa: E731
        return look.model.prior(look.probabilities[those], text_of, look.values[those])
