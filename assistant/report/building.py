"""From the record to the working paper. A quote goes in only if it stands in its page when the paper is made."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from assistant import quotes
from assistant.errors import NotFoundError
from assistant.models import Evidence, Rating, Status, Verdict
from assistant.report.models import (
    BestFound,
    Decided,
    DecisionRow,
    DocumentRow,
    EvidenceRow,
    FactRow,
    GapRow,
    NotApplicableRow,
    Provenance,
    RatingRow,
    ReadinessRow,
    Report,
    Request,
    RunInfo,
    Searched,
    SuspicionRow,
)
from assistant.store import RecordedDecision, StoredRun

if TYPE_CHECKING:
    from assistant.service import DocumentView, EvidenceView, FindingView, Service, StatusReport

OPEN = (Status.CONTRADICTED, Status.GAP, Status.NEEDS_PERSON, Status.PARTLY)
"""Statuses of open requirements, the most pressing first."""


def build(service: Service) -> Report:
    """The working paper of the workspace as it is now."""
    run = service.latest_run()
    views = service.findings()
    pages = _Pages(service)
    evidence = tuple(_evidence(view, item) for view in views for item in view.evidence if pages.stands(item.evidence))
    framework = service.framework()
    status = service.status()
    events = service.events()
    ratings = service.ratings()
    shown = Counter(row.sha256 for row in evidence)
    return Report(
        made=datetime.now(UTC),
        made_by=service.person.name if service.person is not None else "",
        site=run.site if run is not None else service.site(),
        notice=framework.notice,
        promise=run.promise if run is not None else "",
        readiness=_readiness(status, views, ratings),
        evidence=evidence,
        gaps=_gaps(views, pages),
        requests=_requests(views),
        not_applicable=tuple(
            NotApplicableRow(
                requirement_id=view.requirement.id, criterion_id=view.criterion.id, why=" ".join(view.finding.notes)
            )
            for view in views
            if view.finding.status is Status.NOT_APPLICABLE
        ),
        decisions=_decisions(service.decisions(), views, pages),
        ratings=_ratings(ratings),
        documents=tuple(_document(service, view, shown[view.sha256]) for view in service.documents(removed=True)),
        provenance=Provenance(
            framework_id=run.framework_id if run is not None else framework.id,
            framework_version=run.framework_version if run is not None else framework.version,
            framework_digest=run.framework_digest if run is not None else framework.digest(),
            run=_run(run) if run is not None else None,
            events=len(events),
            chain_head=events[-1].hash if events else "",
            quotes_shown=status.quotes_shown,
            quotes_verified=status.quotes_verified,
            quotes_failed=status.quotes_failed,
            problems=(*status.problems, *pages.problems),
        ),
    )


class _Pages:
    """The stored pages quotes are checked against; each is read once."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._texts: dict[tuple[str, int], str] = {}
        self.problems: list[str] = []

    def stands(self, item: Evidence) -> bool:
        """Whether the quote stands in its page; when not, it is left out and said among the problems."""
        key = (item.sha256, item.page)
        if key not in self._texts:
            try:
                self._texts[key] = self._service.page(item.sha256, item.page).text
            except NotFoundError:
                self._texts[key] = ""
        if quotes.verify(item, self._texts[key]):
            return True
        problem = (
            f"A quote for requirement {item.requirement_id} does not stand in {item.document}, page {item.page}, as it "
            "is stored now and was left out."
        )
        if problem not in self.problems:
            self.problems.append(problem)
        return False


def _readiness(
    status: StatusReport, views: Sequence[FindingView], ratings: Sequence[Rating]
) -> tuple[ReadinessRow, ...]:
    latest = {rating.criterion_id: rating for rating in ratings}
    rows = []
    for criterion in status.criteria:
        own = [view for view in views if view.criterion.id == criterion.id]
        rating = latest.get(criterion.id)
        rows.append(
            ReadinessRow(
                criterion_id=criterion.id,
                number=criterion.number,
                title=criterion.title,
                area=criterion.area,
                category=criterion.category,
                status=criterion.status,
                requirements=len(own),
                **criterion.counts.model_dump(),
                confirmed=criterion.confirmed,
                rejected=criterion.rejected,
                undecided=sum(not view.decisions for view in own if view.finding.status is not Status.NOT_APPLICABLE),
                rating=rating.rating if rating else "",
                rationale=rating.rationale if rating else "",
                rated_by=rating.person if rating else "",
                rated_at=rating.at if rating else None,
            )
        )
    return tuple(rows)


def _decided(decision: RecordedDecision | None, reworded: bool) -> Decided | None:
    if decision is None:
        return None
    return Decided(
        id=decision.id,
        verdict=decision.verdict,
        reason=decision.reason,
        person=decision.person,
        at=decision.at,
        reworded=reworded,
    )


def _evidence(view: FindingView, item: EvidenceView) -> EvidenceRow:
    shown = item.evidence
    return EvidenceRow(
        requirement_id=view.requirement.id,
        criterion_id=view.criterion.id,
        requirement=view.requirement.text,
        requirement_status=view.finding.status,
        document=shown.document,
        sha256=shown.sha256,
        page=shown.page,
        start=shown.start,
        end=shown.end,
        quote=shown.quote,
        judged=shown.in_parts[1],
        heading=shown.heading,
        language=shown.language,
        kind=shown.kind,
        stance=shown.stance,
        strength=shown.strength,
        closes=shown.closes,
        caveats=shown.caveats,
        caveat_notes=shown.caveat_notes,
        key=shown.key,
        decision=_decided(item.decision, item.reworded),
    )


def _gaps(views: Sequence[FindingView], pages: _Pages) -> tuple[GapRow, ...]:
    """Open requirements, the most pressing first: by status, then the critical ones, then as in the catalogue."""
    rows = []
    for view in views:
        finding = view.finding
        if finding.status not in OPEN:
            continue
        gap, search = finding.gap, finding.search
        rows.append(
            GapRow(
                requirement_id=view.requirement.id,
                criterion_id=view.criterion.id,
                requirement=view.requirement.text,
                critical=view.requirement.critical,
                status=finding.status,
                reasons=gap.reasons if gap else (),
                explanation=gap.explanation if gap else " ".join(finding.notes),
                bring=gap.would_close if gap else (),
                best=_best(view, pages),
                searched=None if search is None else Searched.model_validate(search.model_dump()),
                decision=_decided(view.gap_decision, view.gap_reworded),
            )
        )
    return tuple(sorted(rows, key=lambda row: (OPEN.index(row.status), not row.critical)))


def _best(view: FindingView, pages: _Pages) -> BestFound | None:
    gap = view.finding.gap
    if gap is None or gap.best is None or not pages.stands(gap.best):
        return None
    best = gap.best
    return BestFound(
        document=best.document,
        sha256=best.sha256,
        page=best.page,
        start=best.start,
        end=best.end,
        quote=best.quote,
        strength=best.strength,
        why_not=gap.best_why_not,
        decision=_decided(view.best.decision, view.best.reworded) if view.best is not None else None,
    )


def _requests(views: Sequence[FindingView]) -> tuple[Request, ...]:
    """What to bring, each thing once, with all requirements it is for; what is critical comes first."""
    asked: dict[str, list[FindingView]] = {}
    for view in views:
        gap = view.finding.gap
        if gap is None or view.finding.status not in OPEN:
            continue
        for bring in gap.would_close:
            asked.setdefault(bring, []).append(view)
    requests = []
    for bring, own in asked.items():
        reasons = dict.fromkeys(reason.value for view in own if view.finding.gap for reason in view.finding.gap.reasons)
        requests.append(
            Request(
                bring=bring,
                requirements=tuple(view.requirement.id for view in own),
                because="; ".join(reasons),
                critical=any(view.requirement.critical for view in own),
            )
        )
    return tuple(sorted(requests, key=lambda request: (not request.critical, -len(request.requirements))))


def _decisions(
    made: Sequence[RecordedDecision], views: Sequence[FindingView], pages: _Pages
) -> tuple[DecisionRow, ...]:
    withdrawn = {decision.undoes for decision in made if decision.undoes is not None}
    orphaned = {decision.id for view in views for decision in view.orphaned}
    here = {view.requirement.id for view in views}
    rows = []
    for decision in made:
        counts = decision.id not in withdrawn and decision.verdict is not Verdict.WITHDRAWN
        row = DecisionRow(
            id=decision.id,
            target=decision.target,
            requirement_id=decision.requirement_id,
            verdict=decision.verdict,
            reason=decision.reason,
            person=decision.person,
            at=decision.at,
            run_id=decision.run_id,
            undoes=decision.undoes,
            counts=counts,
            proposed=decision.requirement_id in here and decision.id not in orphaned,
        )
        on = decision.proposal
        if isinstance(on, Evidence):
            # The words a person decided on are shown where they still stand; else only their place is named.
            quote = on.quote if pages.stands(on) else ""
            row = row.model_copy(update={"document": on.document, "sha256": on.sha256, "page": on.page, "quote": quote})
        rows.append(row)
    return tuple(rows)


def _ratings(ratings: Sequence[Rating]) -> tuple[RatingRow, ...]:
    latest = {rating.criterion_id: rating.id for rating in ratings}
    return tuple(
        RatingRow(**rating.model_dump(), counts=latest[rating.criterion_id] == rating.id) for rating in ratings
    )


def _document(service: Service, view: DocumentView, shown: int) -> DocumentRow:
    suspicions = service.document(view.sha256).suspicions if view.suspicions else ()
    return DocumentRow(
        name=view.name,
        sha256=view.sha256,
        read=view.status,
        reason=view.reason,
        title=view.title,
        kind=view.kind,
        language=view.language,
        issued=view.issued,
        valid_from=view.valid_from,
        valid_until=view.valid_until,
        review_due=view.review_due,
        status=view.document_status,
        version=view.version,
        scope=view.scope,
        issuer=view.issuer,
        pages=view.pages,
        passages=view.passages,
        quotes_shown=shown,
        added=view.added,
        added_by=view.added_by,
        removed=view.removed,
        removed_reason=view.removed_reason,
        facts=tuple(
            FactRow(name=fact.name.value, value=fact.value, origin=fact.origin, quote=fact.quote, page=fact.page)
            for fact in view.facts
        ),
        suspicions=tuple(
            SuspicionRow(kind=item.kind, message=item.message, quote=item.quote, page=item.page) for item in suspicions
        ),
    )


def _run(run: StoredRun) -> RunInfo:
    return RunInfo.model_validate(run.model_dump(include=set(RunInfo.model_fields)))
