"""From findings on requirements to the readiness of criteria."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from assistant.models import Finding, Framework, Status


def counts(findings: Iterable[Finding]) -> dict[str, Counter[Status]]:
    """For each criterion id, how many of its findings have each status."""
    result: dict[str, Counter[Status]] = {}
    for finding in findings:
        result.setdefault(finding.criterion_id, Counter())[finding.status] += 1
    return result


def roll_up(framework: Framework, findings: Iterable[Finding]) -> dict[str, Status]:
    """The status of each criterion of the framework, from the statuses of its requirements.

    Not applicable when nothing of it applies; contradicted when anything is; supported when all that applies is; a gap
    when nothing is supported and most of what applies is a gap; else partly when anything is supported, even partly;
    else a gap when half of what applies is one, and needs a person when less is. A criterion without findings needs a
    person.
    """
    by_criterion = counts(findings)
    return {criterion.id: roll_up_counts(by_criterion.get(criterion.id, Counter())) for criterion in framework.criteria}


def roll_up_counts(count: Counter[Status]) -> Status:
    """The status of one criterion whose requirements have these statuses."""
    applicable = count.total() - count[Status.NOT_APPLICABLE]
    if count.total() and not applicable:
        return Status.NOT_APPLICABLE
    if count[Status.CONTRADICTED]:
        return Status.CONTRADICTED
    if applicable and count[Status.SUPPORTED] == applicable:
        return Status.SUPPORTED
    if not count[Status.SUPPORTED] and 2 * count[Status.GAP] > applicable:
        return Status.GAP
    if count[Status.SUPPORTED] or count[Status.PARTLY]:
        return Status.PARTLY
    if applicable and 2 * count[Status.GAP] >= applicable:
        return Status.GAP
    return Status.NEEDS_PERSON
