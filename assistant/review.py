"""The review: people's decisions on proposals, and their ratings of criteria.

Decisions are only added. One counts until it is withdrawn by a further decision or followed by another on the same
proposal. It carries over to a later run when that run proposes the same quote (`Evidence.key`, and the same figures:
1.5 and 15 have the same digits) or the same gap (same reasons, same best find). What is no longer proposed stays,
listed as orphaned, with the words it was made on.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from assistant.errors import DecisionError, NotFoundError
from assistant.models import Evidence, Finding, Framework, Gap, Rating, Requirement, Verdict
from assistant.store import RecordedDecision, Store
from assistant.store.canonical import digest
from assistant.store.decisions import Target

_FIGURE = re.compile(r"[<>≤≥±−-]?\d+(?:[.,:/]\d+)*")


@dataclass(frozen=True)
class Attached:
    """The decisions that count for a finding: for each of its evidence, its gap, that gap's best find, the rest."""

    evidence: tuple[RecordedDecision | None, ...] = ()
    best: RecordedDecision | None = None
    gap: RecordedDecision | None = None
    orphaned: tuple[RecordedDecision, ...] = ()
    reworded: frozenset[int] = field(default_factory=frozenset)
    """Ids of decisions that were made on other words of the requirement."""


class Review:
    """Decisions and ratings of one workspace, checked before they are kept.

    Example: `Review(store).decide("gap", "19.c", "19.c", Verdict.CONFIRMED, person="Ana Ruiz")`
    """

    def __init__(self, store: Store) -> None:
        self.store = store

    def decide(
        self,
        target: Target,
        key: str,
        requirement_id: str,
        verdict: Verdict,
        reason: str = "",
        *,
        person: str,
        run_id: int | None = None,
        quote: str | None = None,
    ) -> RecordedDecision:
        """Keep a person's decision on a proposal of the latest run.

        `run_id` is the run the person looked at and `quote` the words they saw; where given, they must still be what is
        proposed. Raises `DecisionError` when the proposal is not there (any more), or a rejection has no reason.
        """
        if verdict is Verdict.WITHDRAWN:
            raise DecisionError("A decision is withdrawn by undoing it, so that it is clear which one is meant.")
        if verdict is Verdict.REJECTED and not reason.strip():
            raise DecisionError("A rejection needs a reason: say in a few words why this does not count.")
        run = self.store.runs.latest()
        if run is None:
            raise DecisionError("Nothing has been proposed yet: run the matching first, then decide.")
        finding = self.store.runs.finding(run.id, requirement_id)
        if finding is None:
            raise NotFoundError(f"The latest run (run {run.id}) says nothing on requirement {requirement_id}.")
        proposal = self._gap(finding, key, run_id, run.id) if target == "gap" else _evidence(finding, key, quote)
        return self.store.decisions.add(
            target=target,
            key=key,
            requirement_id=requirement_id,
            verdict=verdict,
            reason=reason.strip(),
            person=person,
            run_id=run.id,
            wording=wording(self.store.runs.framework(run.id).requirement(requirement_id)),
            proposal=proposal,
        )

    def undo(self, decision_id: int, reason: str = "", *, person: str) -> RecordedDecision:
        """Withdraw a decision by a further one that names it; what was decided before it counts again.

        Raises `NotFoundError` when there is no such decision, `DecisionError` when it was withdrawn already.
        """
        undone = self.store.decisions.get(decision_id)
        if undone is None:
            raise NotFoundError(f"There is no decision {decision_id} in this workspace.")
        if undone.verdict is Verdict.WITHDRAWN:
            raise DecisionError(f"Decision {decision_id} is itself a withdrawal; decide again instead of undoing it.")
        return self.store.decisions.add(
            target=undone.target,
            key=undone.key,
            requirement_id=undone.requirement_id,
            verdict=Verdict.WITHDRAWN,
            reason=reason.strip(),
            person=person,
            run_id=undone.run_id,
            wording=undone.wording,
            proposal=undone.proposal,
            undoes=undone.id,
        )

    def rate(self, framework: Framework, criterion_id: str, rating: str, rationale: str, *, person: str) -> Rating:
        """Keep a person's rating of a criterion with its rationale; the latest counts, earlier ones stay.

        Raises `NotFoundError` for an unknown criterion, `DecisionError` for a rating outside the framework's scale or
        without a rationale.
        """
        if criterion_id not in {criterion.id for criterion in framework.criteria}:
            raise NotFoundError(f"The framework {framework.id} has no criterion {criterion_id}.")
        if rating not in framework.ratings:
            raise DecisionError(f"'{rating}' is not a rating of {framework.id}; choose {', '.join(framework.ratings)}.")
        if not rationale.strip():
            raise DecisionError("A rating needs a rationale: say what it rests on.")
        return self.store.decisions.rate(
            criterion_id=criterion_id, rating=rating, rationale=rationale.strip(), person=person
        )

    def _gap(self, finding: Finding, key: str, seen_run: int | None, latest_run: int) -> Gap:
        if finding.gap is None or key != finding.requirement_id:
            raise DecisionError(f"No gap is proposed for requirement {finding.requirement_id} in run {latest_run}.")
        if seen_run is not None and seen_run != latest_run:
            seen = self.store.runs.finding(seen_run, finding.requirement_id)
            if seen is None or seen.gap is None or not same_gap(seen.gap, finding.gap):
                raise DecisionError(
                    f"The gap of requirement {finding.requirement_id} has changed since run {seen_run}; look at it as "
                    f"run {latest_run} proposes it, then decide."
                )
        return finding.gap


def attach(
    findings: Iterable[Finding], decisions: Iterable[RecordedDecision], framework: Framework
) -> dict[str, Attached]:
    """For each finding's requirement the decisions that count, carried over to what is proposed now."""
    by_requirement: dict[str, list[RecordedDecision]] = defaultdict(list)
    for decision in standing(decisions):
        by_requirement[decision.requirement_id].append(decision)
    words = {r.id: wording(r) for criterion in framework.criteria for r in criterion.requirements}
    attached = {}
    for finding in findings:
        own = by_requirement.get(finding.requirement_id, [])
        evidence = tuple(_on_evidence(item, own) for item in finding.evidence)
        gap = _on_gap(finding.gap, own)
        best = None if finding.gap is None or finding.gap.best is None else _on_evidence(finding.gap.best, own)
        used = {decision.id for decision in (*evidence, best, gap) if decision is not None}
        attached[finding.requirement_id] = Attached(
            evidence=evidence,
            best=best,
            gap=gap,
            orphaned=tuple(latest(decision for decision in own if not _covered(decision, own, used))),
            reworded=frozenset(d.id for d in own if d.wording and d.wording != words.get(finding.requirement_id)),
        )
    return attached


def standing(decisions: Iterable[RecordedDecision]) -> list[RecordedDecision]:
    """The decisions that were not withdrawn, in the order they were made, without the withdrawals themselves."""
    ordered = sorted(decisions, key=lambda decision: decision.id)
    withdrawn = {decision.undoes for decision in ordered if decision.undoes is not None}
    return [d for d in ordered if d.id not in withdrawn and d.verdict is not Verdict.WITHDRAWN]


def latest(decisions: Iterable[RecordedDecision]) -> list[RecordedDecision]:
    """The last of one requirement's decisions on each proposal, in the order they were made."""
    kept: list[RecordedDecision] = []
    for decision in decisions:
        kept = [other for other in kept if not _same_proposal(other, decision)]
        kept.append(decision)
    return kept


def same_figures(one: str, other: str) -> bool:
    """Whether two quotes of equal letters and digits also have equal numbers: the same marks inside and before them."""
    return _figures(one) == _figures(other)


def same_gap(one: Gap, other: Gap) -> bool:
    """Whether two gaps make the same claim: the same reasons, and the same best find."""
    return set(one.reasons) == set(other.reasons) and _best_key(one) == _best_key(other)


def proposed(finding: Finding) -> list[Evidence]:
    """Every quote a finding shows: its evidence, and the best find of its gap."""
    best = finding.gap.best if finding.gap is not None else None
    return [*finding.evidence, *([best] if best is not None else [])]


def wording(requirement: Requirement) -> str:
    """Digest of the words a person decides on; search terms and examples may change without changing it."""
    return digest([requirement.id, requirement.text, requirement.definition])


def _figures(text: str) -> list[str]:
    return _FIGURE.findall(unicodedata.normalize("NFKC", text))


def _best_key(gap: Gap) -> str:
    return "" if gap.best is None else gap.best.key


def _evidence(finding: Finding, key: str, quote: str | None) -> Evidence:
    found = [item for item in proposed(finding) if item.key == key]
    if not found:
        raise DecisionError(
            f"This quote is not proposed for requirement {finding.requirement_id} in the latest run; look at what is "
            "proposed now, then decide."
        )
    if quote is not None:
        found = [item for item in found if same_figures(item.quote, quote)]
        if not found:
            raise DecisionError(
                f"The quote proposed for requirement {finding.requirement_id} has other figures than the one you saw; "
                "look at it again, then decide."
            )
    if any(not same_figures(found[0].in_parts[1], other.in_parts[1]) for other in found[1:]):
        raise DecisionError(
            f"Two quotes proposed for requirement {finding.requirement_id} differ only in their figures; say which one "
            "is meant by giving its words."
        )
    return found[0]


def _on_evidence(item: Evidence, decisions: Sequence[RecordedDecision]) -> RecordedDecision | None:
    for decision in reversed(decisions):
        made_on = decision.proposal
        if (
            decision.target == "evidence"
            and decision.key == item.key
            and isinstance(made_on, Evidence)
            and same_figures(made_on.in_parts[1], item.in_parts[1])
        ):
            return decision
    return None


def _on_gap(gap: Gap | None, decisions: Sequence[RecordedDecision]) -> RecordedDecision | None:
    if gap is None:
        return None
    for decision in reversed(decisions):
        if decision.target == "gap" and isinstance(decision.proposal, Gap) and same_gap(decision.proposal, gap):
            return decision
    return None


def _covered(decision: RecordedDecision, own: Sequence[RecordedDecision], used: set[int]) -> bool:
    """Whether a decision that counts now was made on the same proposal as this one."""
    return decision.id in used or any(other.id in used and _same_proposal(decision, other) for other in own)


def _same_proposal(one: RecordedDecision, other: RecordedDecision) -> bool:
    if one.target != other.target or one.key != other.key:
        return False
    if isinstance(one.proposal, Evidence) and isinstance(other.proposal, Evidence):
        return same_figures(one.proposal.in_parts[1], other.proposal.in_parts[1])
    if isinstance(one.proposal, Gap) and isinstance(other.proposal, Gap):
        return same_gap(one.proposal, other.proposal)
    return False
