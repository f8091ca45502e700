"""What the record says now: findings with the decisions that count, and the state of the whole workspace."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from assistant import quotes, readiness
from assistant.errors import NotFoundError
from assistant.models import Evidence, Finding, Framework, Verdict
from assistant.review import Attached, attach, proposed, standing
from assistant.service.views import (
    CriterionStatus,
    DocumentCounts,
    EvidenceView,
    FindingView,
    ModelCost,
    StatusCounts,
    StatusReport,
)
from assistant.store import EventKind, RecordedDecision, Store, StoredDocument, StoredRun
from assistant.store.documents import facts_digest
from ingestion.models import ReadStatus


def findings(store: Store, criterion_id: str | None = None) -> list[FindingView]:
    """The findings of the latest run in catalogue order, with decisions; empty before the first run.

    Raises `NotFoundError` for a criterion the run's framework does not have.
    """
    run = store.runs.latest()
    if run is None:
        return []
    framework = store.runs.framework(run.id)
    if criterion_id is not None and criterion_id not in {criterion.id for criterion in framework.criteria}:
        raise NotFoundError(f"The framework {framework.id} has no criterion {criterion_id}.")
    found = store.runs.findings(run.id, criterion_id)
    return _views(run, framework, found, store.decisions.all())


def orphaned(store: Store) -> list[RecordedDecision]:
    """The decisions that count but whose quote or gap the latest run does not propose, in the order they were made."""
    return _orphaned(findings(store), store.decisions.all())


def status(store: Store, framework: Framework) -> StatusReport:
    """The state of the workspace; every shown quote is compared with its stored page.

    `framework` is what is shown before the first run; afterwards it is the one of the latest run.
    """
    run = store.runs.latest()
    found: list[Finding] = []
    views: list[FindingView] = []
    decisions = store.decisions.all()
    if run is not None:
        framework = store.runs.framework(run.id)
        found = store.runs.findings(run.id)
        views = _views(run, framework, found, decisions)
    shown = [item for finding in found for item in proposed(finding)]
    failed = unverified(store, shown, run.id) if run is not None else []
    documents = store.documents.listing()
    ratings = {rating.criterion_id: rating.rating for rating in store.decisions.ratings()}
    return StatusReport(
        site=store.site(),
        framework=framework.id,
        framework_version=framework.version,
        run=run,
        promise=run.promise if run is not None else "",
        criteria=_criteria(framework, found, views, ratings),
        documents=_counts(documents),
        quotes_shown=len(shown),
        quotes_verified=len(shown) - len(failed),
        quotes_failed=sum(finding.quotes_failed for finding in found),
        confirmed=sum(view.count(Verdict.CONFIRMED) for view in views),
        rejected=sum(view.count(Verdict.REJECTED) for view in views),
        orphaned=len(_orphaned(views, decisions)),
        problems=tuple(_problems(store, run, documents, failed, found)),
        cost=_cost(store, run),
        disputed=tuple(view.requirement.id for view in views if view.disputed),
    )


def unverified(store: Store, shown: Sequence[Evidence], run_id: int | None) -> list[Evidence]:
    """Those of the quotes that do not stand in the stored page they name, in the readings of that run."""
    texts = store.documents.page_texts({(item.sha256, item.page) for item in shown}, run_id)
    return [item for item in shown if not quotes.verify(item, texts.get((item.sha256, item.page), ""))]


def _views(
    run: StoredRun, framework: Framework, found: Sequence[Finding], decisions: Sequence[RecordedDecision]
) -> list[FindingView]:
    attached = attach(found, decisions, framework)
    return [_view(run, framework, finding, attached[finding.requirement_id]) for finding in found]


def _view(run: StoredRun, framework: Framework, finding: Finding, own: Attached) -> FindingView:
    def shown(item: Evidence, decision: RecordedDecision | None) -> EvidenceView:
        return EvidenceView(
            evidence=item, decision=decision, reworded=decision is not None and decision.id in own.reworded
        )

    criterion, requirement = framework.find(finding.requirement_id)
    best = finding.gap.best if finding.gap is not None else None
    return FindingView(
        run_id=run.id,
        finding=finding,
        requirement=requirement,
        criterion=criterion,
        evidence=tuple(shown(item, decision) for item, decision in zip(finding.evidence, own.evidence, strict=True)),
        best=None if best is None else shown(best, own.best),
        gap_decision=own.gap,
        gap_reworded=own.gap is not None and own.gap.id in own.reworded,
        orphaned=own.orphaned,
    )


def _orphaned(views: Sequence[FindingView], decisions: Sequence[RecordedDecision]) -> list[RecordedDecision]:
    here = {view.requirement.id for view in views}
    lost = [decision for view in views for decision in view.orphaned]
    lost += [decision for decision in standing(decisions) if decision.requirement_id not in here]
    return sorted(lost, key=lambda decision: decision.id)


def _criteria(
    framework: Framework, found: Sequence[Finding], views: Sequence[FindingView], ratings: dict[str, str]
) -> tuple[CriterionStatus, ...]:
    by_criterion = readiness.counts(found)
    rolled = readiness.roll_up(framework, found) if found else {}
    return tuple(
        CriterionStatus(
            id=criterion.id,
            number=criterion.number,
            title=criterion.title,
            area=criterion.area,
            category=criterion.category,
            status=rolled.get(criterion.id),
            counts=StatusCounts.of(by_criterion.get(criterion.id, Counter())),
            confirmed=sum(view.count(Verdict.CONFIRMED) for view in views if view.criterion.id == criterion.id),
            rejected=sum(view.count(Verdict.REJECTED) for view in views if view.criterion.id == criterion.id),
            rating=ratings.get(criterion.id),
        )
        for criterion in framework.criteria
    )


def _cost(store: Store, run: StoredRun | None) -> ModelCost | None:
    """What a run asked of its language model, as the chain has it."""
    ends = [] if run is None else [e for e in store.events(EventKind.RUN_FINISHED) if e.subject == str(run.id)]
    used = ends[-1].payload.get("model") if ends else None
    return ModelCost.model_validate(used) if used is not None else None


def _counts(documents: Sequence[StoredDocument]) -> DocumentCounts:
    by_status = Counter(document.status for document in documents)
    return DocumentCounts(
        total=len(documents),
        read=by_status[ReadStatus.READ],
        partly=by_status[ReadStatus.PARTLY],
        unreadable=by_status[ReadStatus.UNREADABLE],
        pages=sum(document.pages for document in documents),
        passages=sum(document.passages for document in documents),
        suspicions=sum(document.suspicions for document in documents),
    )


def _problems(
    store: Store,
    run: StoredRun | None,
    documents: Sequence[StoredDocument],
    failed: Sequence[Evidence],
    found: Sequence[Finding],
) -> Iterator[str]:
    for document in documents:
        if document.status in (ReadStatus.UNREADABLE, ReadStatus.PARTLY):
            yield document.reason if document.name in document.reason else f"{document.name}: {document.reason}"
    for item in failed:
        where = f"{item.document}, page {item.page}"
        yield f"{where}: a quote shown for requirement {item.requirement_id} does not stand in the stored page."
    unasked = sum(finding.unasked for finding in found)
    if run is not None and unasked:
        yield (
            f"{unasked} of {len(found)} requirements of run {run.id} were judged without the language model, which was "
            "asked no more; each says why."
        )
    unfinished = store.runs.unfinished()
    if unfinished is not None:
        yield f"Run {unfinished.id} was not finished; match again to go on with it."
    if run is None:
        if documents:
            yield "Nothing has been matched yet; run the matching."
        return
    now = {document.sha256 for document in documents}
    added, gone = len(now - set(run.documents)), len(set(run.documents) - now)
    if added or gone:
        yield f"The documents have changed since run {run.id} ({added} added, {gone} removed); match again."
    elif store.runs.used(run.id) != {document.id: facts_digest(document.facts) for document in documents}:
        yield f"Document facts or readings have changed since run {run.id}; match again."
    if run.site != store.site():
        yield f"The site has changed since run {run.id}; match again."
