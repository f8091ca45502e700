"""One matching: take up or begin a run, keep each finding as it is made, close the run with its digest.

The door checks quotes once more before they are kept: what does not stand in the stored page never gets in.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date
from typing import TYPE_CHECKING

from assistant import quotes
from assistant.config import Settings
from assistant.errors import WorkspaceError
from assistant.models import Evidence, Finding, Framework, Site, Status
from assistant.progress import Progress
from assistant.review import proposed
from assistant.service.parts import EXTRACTIVE, MatchingEngine, engine_settings
from assistant.service.views import ModelCost, RunSummary, StatusCounts
from assistant.service.workbench import Workbench
from assistant.store import Corpus, RunInputs, Store

if TYPE_CHECKING:
    from assistant.judge.llm import Estimate
    from assistant.judge.protocol import Usage
    from assistant.judge.refit import Refit

BUSY = "Another matching is going on in this workspace; wait for it to end, then run it again."


def match(
    store: Store,
    workbench: Workbench,
    framework: Framework,
    site: Site,
    *,
    today: date,
    person: str,
    progress: Progress,
) -> RunSummary:
    """Match all documents against all requirements, going on where an interrupted run of the same inputs stopped.

    Raises `WorkspaceError` without documents, or while another matching is going on.
    """
    began = time.monotonic()
    with store.database.exclusive("matching", BUSY):
        corpus = store.corpus()
        if not corpus.documents:
            raise WorkspaceError(
                "There are no documents in this workspace yet; add some (`assay add FOLDER`), then match."
            )
        engine = workbench.matching_engine(corpus, framework)
        inputs = RunInputs(
            framework=framework,
            site=site,
            engine=engine.name,
            models=engine.models,
            prompts=getattr(engine, "prompts", {}),
            settings=engine_settings(engine) | _refitted(engine) | _learned(engine),
            promise=_promise(engine, framework),
            today=today.isoformat(),
        )
        run, resumed = store.runs.begin(inputs, corpus, person)
        places = {
            r.id: at for at, r in enumerate(r for criterion in framework.criteria for r in criterion.requirements)
        }
        done = {finding.requirement_id for finding in store.runs.findings(run.id)}
        left = [requirement_id for requirement_id in places if requirement_id not in done]
        for finding in _found(engine, workbench, corpus, framework, site, today, left, progress):
            store.runs.save(run.id, [(places[finding.requirement_id], finding)])
            left.remove(finding.requirement_id)
        if left:
            raise WorkspaceError(
                f"The engine {engine.name} gave no finding for {', '.join(left)}; the run stays open, match again."
            )
        vectors = getattr(engine, "vectors", None)
        cost = _cost(getattr(engine, "usage", None), workbench.settings)
        finished = store.runs.finish(
            run.id,
            person,
            vectors.count() if vectors is not None else None,
            cost.model_dump(mode="json", exclude={"most"}) if cost is not None else None,
        )
    findings = store.runs.findings(run.id)
    return RunSummary(
        run=finished,
        resumed=resumed,
        findings=len(findings),
        counts=StatusCounts.of(Counter(finding.status for finding in findings)),
        quotes_shown=sum(len(proposed(finding)) for finding in findings),
        quotes_failed=sum(finding.quotes_failed for finding in findings),
        seconds=time.monotonic() - began,
        cost=cost,
        stopped=getattr(engine, "stopped", ""),
        unasked=sum(finding.unasked for finding in findings),
        disputed=tuple(finding.requirement_id for finding in findings if finding.disputed),
        confirmed=sum(len(finding.search.confirmed) for finding in findings if finding.search is not None),
    )


def estimate(
    store: Store, workbench: Workbench, framework: Framework, site: Site, *, today: date, progress: Progress
) -> ModelCost | None:
    """What matching now would ask of the language model of the settings; `None` where none is set. Nothing is sent."""
    corpus = store.corpus()
    if workbench.settings.judge == EXTRACTIVE or not corpus.documents:
        return None
    engine = workbench.matching_engine(corpus, framework)
    estimated = getattr(engine, "estimate", None)
    if estimated is None:
        return None
    expected = estimated(workbench.prepared(corpus, progress), framework, site, today=today)
    if expected is None:
        return None
    cost = _cost(expected, workbench.settings)
    return cost.model_copy(update={"most": _cost(expected.most, workbench.settings)}) if cost is not None else None


def _cost(used: Usage | Estimate | None, settings: Settings) -> ModelCost | None:
    if used is None:
        return None
    known = settings.judge_price_in or settings.judge_price_out
    price = (used.tokens_in * settings.judge_price_in + used.tokens_out * settings.judge_price_out) / 1_000_000
    return ModelCost(
        model=settings.judge,
        calls=used.calls,
        cached=used.cached,
        tokens_in=used.tokens_in,
        tokens_out=used.tokens_out,
        price=price if known else None,
        limit=settings.judge_limit_tokens,
    )


def _promise(engine: MatchingEngine, framework: Framework) -> str:
    said: Callable[[Framework], str] | None = getattr(engine, "promise_for", None)
    return said(framework) if said is not None else engine.promise


def _refitted(engine: MatchingEngine) -> dict[str, str]:
    """The values fitted from the workspace's own decisions, as the run records them."""
    fitted: Refit | None = getattr(engine, "refit", None)
    return fitted.recorded() if fitted is not None else {}


def _learned(engine: MatchingEngine) -> dict[str, str]:
    """How many confirmed quotes it searches by, and which, as the run records them."""
    from assistant.service.learning import recorded

    return recorded(getattr(engine, "learned", {}))


def _found(
    engine: MatchingEngine,
    workbench: Workbench,
    corpus: Corpus,
    framework: Framework,
    site: Site,
    today: date,
    left: list[str],
    progress: Progress,
) -> Iterator[Finding]:
    if not left:
        return
    texts = {(document.sha256, page.number): page.text for document in corpus.documents for page in document.pages}
    prepared = workbench.prepared(corpus, progress)
    # A copy: the caller crosses off what is done while the engine goes on.
    for finding in engine.match(prepared, framework, site, today=today, only=tuple(left), progress=progress):
        yield checked(finding, texts)


def checked(finding: Finding, texts: dict[tuple[str, int], str]) -> Finding:
    """The finding without quotes that do not stand in their stored page; each is counted as failed, none is repaired.

    A finding that loses a quote is a person's to judge, unless it was a gap.
    """

    def stands(item: Evidence) -> bool:
        text = texts.get((item.sha256, item.page))
        return text is not None and quotes.verify(item, text)

    failed = [item for item in proposed(finding) if not stands(item)]
    if not failed:
        return finding
    gap = finding.gap
    if gap is not None and gap.best is not None and not stands(gap.best):
        gap = gap.model_copy(update={"best": None, "best_why_not": ""})
    lowered = finding.status in (Status.SUPPORTED, Status.PARTLY, Status.CONTRADICTED)
    note = f"{len(failed)} quote(s) did not stand in the stored page and were left out."
    return finding.model_copy(
        update={
            "evidence": tuple(item for item in finding.evidence if stands(item)),
            "gap": gap,
            "status": Status.NEEDS_PERSON if lowered else finding.status,
            "quotes_failed": finding.quotes_failed + len(failed),
            "notes": (*finding.notes, note),
        }
    )
