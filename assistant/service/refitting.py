"""What the decisions in a workspace say about the evidence model: requirements with and without evidence.

Every decision is read together with the finding it was made on, so that what is fitted depends on the record alone and
matching twice gives the same twice.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from assistant.judge.evidence_model import EvidenceModel
from assistant.judge.refit import Decided, Refit, refit, shipped_prior
from assistant.models import Evidence, Finding, Gap, GapReason, Stance, Verdict
from assistant.review import latest, standing
from assistant.store import RecordedDecision, Store, StoredRun

JUDGED = frozenset({GapReason.NOTHING_FOUND, GapReason.WEAK, GapReason.NOT_READ})
"""Reasons of a gap that are the evidence model's own; others (expired, a draft, only a commitment) rest on rules."""


BEHIND_PRIORS = ("sentences", "passages", "reader", "evidence")
"""Models without which a probability would be another one; a language model that judged left it alone."""


def fitted(store: Store, model: EvidenceModel, models: Mapping[str, str]) -> Refit | None:
    """The values for this workspace; `None` while there are too few decisions on what these models proposed.

    `models` are those of the engine whose evidence model is `model`, by role.
    """
    return refit(decided(store, models), model)


def decided(store: Store, models: Mapping[str, str]) -> list[Decided]:
    """One pair for each requirement a person decided on in a run of these models, named by role."""
    own: dict[str, list[RecordedDecision]] = defaultdict(list)
    for decision in standing(store.decisions.all()):
        if decision.run_id is not None:
            own[decision.requirement_id].append(decision)
    runs = {run.id: run for run in store.runs.all() if _behind(run.models) == _behind(models)}
    found: list[Decided] = []
    for requirement_id in sorted(own):
        decisions = own[requirement_id]
        run = runs.get(decisions[-1].run_id or 0)
        finding = store.runs.finding(run.id, requirement_id) if run is not None else None
        if run is None or finding is None:
            continue
        present, prior = _present(finding, decisions), _prior(finding, run)
        if present is not None and prior is not None:
            found.append(Decided(prior, present))
    return found


def _behind(models: Mapping[str, str]) -> list[str]:
    """The models behind a run's probabilities; what a workspace's decisions added to one is not told apart."""
    return [models.get(role, "").split("+")[0] for role in BEHIND_PRIORS]


def _prior(finding: Finding, run: StoredRun) -> float | None:
    return None if finding.prior is None else shipped_prior(finding.prior, run.settings)


def _present(finding: Finding, decisions: Sequence[RecordedDecision]) -> bool | None:
    """Whether the documents hold evidence, as far as the decisions say it; `None` where they do not.

    A confirmed quote is evidence. A gap that was called for want of evidence says by its own decision. Where every
    quote of a finding was rejected, nothing of what it rested on is left.
    """
    last = latest(decisions)
    quotes = [d for d in last if isinstance(d.proposal, Evidence)]
    if any(d.verdict is Verdict.CONFIRMED and _supports(d.proposal) for d in quotes):
        return True
    gaps = [d for d in last if isinstance(d.proposal, Gap)]
    if gaps and isinstance(gaps[-1].proposal, Gap):
        judged = set(gaps[-1].proposal.reasons) <= JUDGED
        return gaps[-1].verdict is Verdict.REJECTED if judged else None
    rejected = {d.key for d in quotes if d.verdict is Verdict.REJECTED}
    if finding.evidence and all(item.key in rejected for item in finding.evidence):
        return False
    return None


def _supports(proposal: Evidence | Gap | None) -> bool:
    return isinstance(proposal, Evidence) and proposal.stance is Stance.SUPPORTS
