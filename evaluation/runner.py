"""Run an engine over one evaluation set and judge what it proposes.

Nothing is left out between the files and the findings: documents are read by `ingestion.read_file`, indexed by
`prepare` and matched by `match_detailed`, as the product does. Documents that are sites of their own are spread over
worker processes, which one `Workers` keeps from set to set with their engines loaded; a collection is one run.
"""

from __future__ import annotations

import multiprocessing
import pickle
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from pathlib import Path
from types import TracebackType
from typing import Any, TypeVar

from assistant.progress import Progress, silent
from evaluation.engines import EngineFactory, MatchingEngine, MatchResult, suited, thresholds_of
from evaluation.judging import judge_collection, judge_document
from evaluation.memory import PeakMemory
from evaluation.reading import Reader, ReadSet, read_documents
from evaluation.rows import Rows
from evaluation.sets import EvaluationSet
from ingestion.models import DocumentRead

EVALUATION_DAY = date(2026, 11, 22)
"""The day on which validity is judged, fixed so that figures do not change with the calendar; it is the day on which
the documents of the sample site are read."""


Job = TypeVar("Job")
Done = TypeVar("Done")


@dataclass(slots=True)
class Cost:
    """What a run took. `reading_seconds` is what reading took when it was done, also when it came from the cache."""

    documents: int = 0
    pages: int = 0
    passages: int = 0
    from_cache: int = 0
    reading_seconds: float = 0.0
    matching_seconds: float = 0.0
    peak_mb: float = 0.0
    unreadable: dict[str, str] = field(default_factory=dict)

    def add(self, other: Cost) -> None:
        """Count another part of the same set in; the peak is the higher one."""
        for name in ("documents", "pages", "passages", "from_cache", "reading_seconds", "matching_seconds"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.peak_mb = max(self.peak_mb, other.peak_mb)
        self.unreadable |= other.unreadable


@dataclass(slots=True)
class SetRun:
    """The rows of one set and what they cost."""

    name: str
    scope: str
    rows: Rows
    cost: Cost
    engine: dict[str, Any] = field(default_factory=dict)


class Workers:
    """Worker processes for one or more sets, started when the first documents come. With `count` 1 there are none.

    Example:
        with Workers(2) as workers:
            run = run_set(load_set(folder), open_engine, cache=cache, workers=workers)
    """

    def __init__(self, count: int) -> None:
        self.count = count
        self._pool: ProcessPoolExecutor | None = None

    def __enter__(self) -> Workers:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)
            self._pool = None

    def pool(self) -> ProcessPoolExecutor:
        """The processes. They are spawned, not forked: engines hold threads of ONNX Runtime and numpy."""
        if self._pool is None:
            self._pool = ProcessPoolExecutor(self.count, multiprocessing.get_context("spawn"))
        return self._pool


def run_set(
    eval_set: EvaluationSet,
    factory: EngineFactory,
    *,
    cache: Path,
    workers: Workers | int = 2,
    today: date = EVALUATION_DAY,
    progress: Progress = silent,
    reader: Reader | None = None,
) -> SetRun:
    """Read, match and judge one set. With `workers` 1 everything happens in this process.

    Several sets go faster with one `Workers`: models are loaded once for all of them.
    """
    if isinstance(workers, int):
        with Workers(workers) as own:
            return run_set(eval_set, factory, cache=cache, workers=own, today=today, progress=progress, reader=reader)
    with PeakMemory() as memory:
        read = read_documents(eval_set.measured, cache, workers=workers.count, progress=progress, reader=reader)
        started = time.perf_counter()
        if eval_set.options.scope == "collection":
            engine = suited(factory(cache), eval_set.framework)
            about = describe(engine)
            matched = match_collection(eval_set, read.documents, engine, today, progress)
            rows = judge_collection(eval_set, read.documents, matched, thresholds_of(engine))
        else:
            rows, about = _run_documents(eval_set, read.documents, factory, cache, workers, today, progress)
        seconds = time.perf_counter() - started
    return SetRun(eval_set.name, eval_set.options.scope, rows, cost_of(read, seconds, memory.peak_mb), about)


def cost_of(read: ReadSet, matching_seconds: float, peak_mb: float) -> Cost:
    """What it took to read these documents and to match them."""
    return Cost(
        documents=len(read.documents),
        pages=sum(len(document.pages) for document in read.documents.values()),
        passages=sum(len(document.passages) for document in read.documents.values()),
        from_cache=read.cached,
        reading_seconds=read.seconds,
        matching_seconds=matching_seconds,
        peak_mb=peak_mb,
        unreadable=read.unreadable,
    )


def describe(engine: MatchingEngine) -> dict[str, Any]:
    """What made the figures: name, models and promise of the engine."""
    return {"name": engine.name, "models": dict(engine.models), "promise": engine.promise}


def match_document(
    engine: MatchingEngine, eval_set: EvaluationSet, name: str, read: DocumentRead, only: set[str], today: date
) -> list[MatchResult]:
    """Match one document as a site of its own against the requirements `only`."""
    prepared = engine.prepare([read])
    site = eval_set.site_of(name)
    return list(engine.match_detailed(prepared, eval_set.framework, site, today=today, only=only))


def requirements_of(eval_set: EvaluationSet, document: str | None = None) -> set[str]:
    """The requirement ids that labels (of one document) speak of."""
    labels = eval_set.labels if document is None else eval_set.labels_of(document)
    return {requirement for label in labels for requirement in eval_set.targets[label.requirement]}


def match_collection(
    eval_set: EvaluationSet, reads: dict[str, DocumentRead], engine: MatchingEngine, today: date, progress: Progress
) -> list[MatchResult]:
    """Match all documents as one site against the requirements that labels speak of."""
    prepared = engine.prepare(list(reads.values()), progress)
    only = requirements_of(eval_set)
    matched: list[MatchResult] = []
    site = eval_set.site_of(eval_set.name)
    for result in engine.match_detailed(prepared, eval_set.framework, site, today=today, only=only):
        matched.append(result)
        progress(len(matched), len(only), "requirements matched")
    return matched


def _run_documents(
    eval_set: EvaluationSet,
    reads: dict[str, DocumentRead],
    factory: EngineFactory,
    cache: Path,
    workers: Workers,
    today: date,
    progress: Progress,
) -> tuple[Rows, dict[str, Any]]:
    rows, about = Rows(), {}
    # Long documents first, so that no worker is left alone with one at the end.
    order = sorted(reads.values(), key=lambda read: -sum(len(page.text) for page in read.pages))
    jobs = [(eval_set.model_copy(update={"labels": eval_set.labels_of(read.name)}), read, today) for read in order]
    parts = in_workers(workers, factory, cache, _judge, jobs)
    for done, (part, described) in enumerate(parts, 1):
        rows.add(part)
        about = described
        progress(done, len(order), "documents matched")
    rows.pairs.sort(key=lambda row: (row.document, row.requirement))
    rows.rankings.sort(key=lambda row: (row.document, row.requirement))
    return rows, about


def in_workers(
    workers: Workers,
    factory: EngineFactory,
    cache: Path,
    do: Callable[[MatchingEngine, Job], Done],
    jobs: Sequence[Job],
) -> Iterator[Done]:
    """What `do` (a function of a module) gives for each job with an engine, in their order."""
    if workers.count <= 1:
        engine = factory(cache)
        for job in jobs:
            yield do(engine, job)
        return
    opened = pickle.dumps((factory, cache))
    pool = workers.pool()
    waiting = [pool.submit(_do_there, opened, do, job) for job in jobs]
    try:
        for future in waiting:
            yield future.result()
    finally:
        for future in waiting:
            future.cancel()


def _do_there(opened: bytes, do: Callable[[MatchingEngine, Job], Done], job: Job) -> Done:
    return do(_opened(opened), job)


@lru_cache(maxsize=1)
def _opened(opened: bytes) -> MatchingEngine:
    """The engine of this worker process, kept until a set asks for another one."""
    factory, cache = pickle.loads(opened)  # noqa: S301  # made by the parent process a moment ago
    engine: MatchingEngine = factory(cache)
    return engine


def _judge(engine: MatchingEngine, job: tuple[EvaluationSet, DocumentRead, date]) -> tuple[Rows, dict[str, Any]]:
    eval_set, read, today = job
    engine = suited(engine, eval_set.framework)
    matched = match_document(engine, eval_set, read.name, read, requirements_of(eval_set, read.name), today)
    return judge_document(eval_set, read.name, read, matched), describe(engine)
