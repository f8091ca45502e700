"""Check everything: the record against itself, every quote against its stored page, the index against its count."""

from __future__ import annotations

from assistant.models import Evidence
from assistant.review import proposed
from assistant.service.reading import unverified
from assistant.service.views import VerifyReport
from assistant.store import Store, audit


def verify(store: Store, vectors: int | None) -> VerifyReport:
    """Check chain, decisions, readings, runs, originals, and all quotes of all runs and decisions.

    `vectors` is how many the index holds now, `None` when nobody can say.
    """
    found = audit(store)
    problems = list(found.problems)
    quotes = 0
    failed = 0
    runs = store.runs.all() if not _unreadable(problems) else []
    for run in runs:
        shown = [item for finding in store.runs.findings(run.id) for item in proposed(finding)]
        bad = unverified(store, shown, run.id)
        quotes, failed = quotes + len(shown), failed + len(bad)
        problems += [_sentence(item, f"a quote of run {run.id}") for item in bad]
    for decision in store.decisions.all() if not _unreadable(problems) else []:
        made_on = decision.proposal if isinstance(decision.proposal, Evidence) else None
        if made_on is None:
            continue
        quotes += 1
        if unverified(store, [made_on], decision.run_id):
            failed += 1
            problems.append(_sentence(made_on, f"the quote of decision {decision.id}"))
    counted = [run for run in runs if run.vectors is not None]
    if vectors is not None and counted and vectors < (counted[-1].vectors or 0):
        problems.append(
            f"The vector index holds {vectors} vectors, but {counted[-1].vectors} when run {counted[-1].id} ended; "
            "it is derived: rebuild it."
        )
    return VerifyReport(
        events=found.events,
        head=found.head,
        quotes=quotes,
        quotes_verified=quotes - failed,
        readings=found.readings,
        runs=found.runs,
        originals=found.originals,
        vectors=vectors,
        problems=tuple(problems),
    )


def _unreadable(problems: list[str]) -> bool:
    return any("cannot be read from the record" in problem for problem in problems)


def _sentence(item: Evidence, what: str) -> str:
    return f"{item.document}, page {item.page}: {what} for requirement {item.requirement_id} is not in the stored page."
