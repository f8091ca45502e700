"""The removal test: take known evidence out of documents and see whether the engine then says "gap".

Every sentence that holds a part of a gold quote is cut from the page text; passages, headings, facts and suspicions
keep their places in what is left, and words that ingestion set aside stay set aside. The same pairs are run on the
untouched documents, so one number says how often a true gap is named and the other how often a false one is. Where
labels are not exhaustive, other evidence may remain: then the true gap rate is a lower bound. Untouched documents are
matched once for all that is taken out of them.

Held out, each document is tried with weights that saw other documents only. Of a collection the documents of one fold
are a site of their own then, so that no weights judge a site of which they saw a part; its sites are a third as large.
"""

from __future__ import annotations

import hashlib
import random
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

from assistant.errors import EvaluationError
from assistant.models import Finding, Status, letters_and_digits
from assistant.progress import Progress, silent
from assistant.quotes import locate
from assistant.readiness import roll_up_counts
from evaluation.engines import EngineFactory, MatchingEngine
from evaluation.metrics import SEED, Resampler, figure
from evaluation.progress import Estimate
from evaluation.reading import Reader, read_documents
from evaluation.runner import EVALUATION_DAY, Workers, in_workers
from evaluation.sets import WHOLE_COLLECTION, EvaluationSet, Label
from evaluation.training.dataset import fold
from ingestion.models import DocumentRead, Page, Suspicion

CASES = 40
"""Pairs tried by default: an interval of about fifteen points either way. A collection is matched anew for each."""

Cut = tuple[int, int]

_Group = tuple[str, list[Label]]
"""A label target, and the labels whose quotes are taken out together."""

_Item = TypeVar("_Item")


@dataclass(frozen=True, slots=True)
class _Job:
    """What one engine tries in one go: a site of documents, and what is taken out of it one after the other."""

    eval_set: EvaluationSet
    reads: dict[str, DocumentRead]
    groups: Sequence[_Group]
    today: date


@dataclass(frozen=True, slots=True)
class RemovalCase:
    """One pair (or one criterion of a collection) before and after its evidence was taken out."""

    unit: str
    requirement: str
    before: Status
    after: Status
    strength_before: float
    strength_after: float
    cut_characters: int


def run_removal(
    eval_set: EvaluationSet,
    factory: EngineFactory,
    *,
    cache: Path,
    cases: int = CASES,
    workers: Workers | int = 1,
    today: date = EVALUATION_DAY,
    progress: Progress = silent,
    reader: Reader | None = None,
) -> tuple[dict[str, Any], list[RemovalCase]]:
    """Rates with intervals, and the cases behind them. Raises `EvaluationError` when the set has no evidence."""
    if isinstance(workers, int):
        with Workers(workers) as own:
            return run_removal(
                eval_set, factory, cache=cache, cases=cases, workers=own, today=today, progress=progress, reader=reader
            )
    groups = _sampled(_groups(eval_set), cases)
    if not groups:
        raise EvaluationError(f"The set {eval_set.name} has no evidence that could be taken out.")
    done = _tried(eval_set, groups, factory, cache, workers, today, progress, reader)
    return summarise_removal(done), done


def run_removal_held_out(
    whole: EvaluationSet,
    factories: Sequence[EngineFactory],
    *,
    cache: Path,
    cases: int = CASES,
    workers: Workers,
    today: date = EVALUATION_DAY,
    progress: Callable[[str], Progress] = Estimate,
    reader: Reader | None = None,
) -> tuple[dict[str, Any], list[RemovalCase]]:
    """As `run_removal`, each document with the weights of its fold; `factories` open them in order of folds.

    `progress` makes one for each fold from its name. Raises `EvaluationError` when the set has no evidence.
    """
    parts = {number: _of_fold(whole, number) for number in range(len(factories))}
    every = [(number, group) for number, part in parts.items() for group in _groups(part)]
    if not every:
        raise EvaluationError(f"The set {whole.name} has no evidence that could be taken out.")
    chosen = _sampled(every, cases)
    done: list[RemovalCase] = []
    for number, factory in enumerate(factories):
        own = [group for of_fold, group in chosen if of_fold == number]
        if own:
            said = progress(f"{whole.name}, removal, fold {number + 1} of {len(factories)} held out")
            done += _tried(parts[number], own, factory, cache, workers, today, said, reader)
    return summarise_removal(done), done


def _of_fold(whole: EvaluationSet, number: int) -> EvaluationSet:
    """The set with the documents of one fold only."""
    documents = {name: path for name, path in whole.documents.items() if fold(name) == number}
    labels = tuple(label for label in whole.labels if label.document in documents)
    return whole.model_copy(update={"documents": documents, "labels": labels})


def _tried(
    eval_set: EvaluationSet,
    groups: Sequence[_Group],
    factory: EngineFactory,
    cache: Path,
    workers: Workers,
    today: date,
    progress: Progress,
    reader: Reader | None,
) -> list[RemovalCase]:
    """What became of each of these groups of a set."""
    collection = eval_set.options.scope == "collection"
    needed = {label.document for _, labels in groups for label in labels}
    paths = {name: path for name, path in eval_set.documents.items() if collection or name in needed}
    reads = read_documents(paths, cache, workers=workers.count, progress=progress, reader=reader).documents
    jobs = [
        _Job(eval_set, {name: reads[name] for name in names}, part, today)
        for names, part in _parts(groups, list(reads) if collection else None, workers.count)
    ]
    done: list[RemovalCase] = []
    for part in in_workers(workers, factory, cache, _remove, jobs):
        done += part
        progress(len(done), len(groups), "removals tried")
    return done


def summarise_removal(cases: Sequence[RemovalCase]) -> dict[str, Any]:
    """True and false gap rates, abstentions, and how often the strength fell."""
    sample = Resampler([case.unit for case in cases])

    def rate(flags: Sequence[bool]) -> dict[str, float | None]:
        return figure(sample.mean(np.array(flags, dtype=float)))

    return {
        "pairs": len(cases),
        "true_gap_rate": rate([case.after is Status.GAP for case in cases]),
        "abstained_after": rate([case.after is Status.NEEDS_PERSON for case in cases]),
        "false_gap_rate": rate([case.before is Status.GAP for case in cases]),
        "abstained_before": rate([case.before is Status.NEEDS_PERSON for case in cases]),
        "strength_fell": rate([case.strength_after < case.strength_before for case in cases]),
    }


def without(read: DocumentRead, quotes: Sequence[str]) -> DocumentRead:
    """The document without the sentences that hold any part of the quotes. Unchanged when none of them stands in it."""
    if not quotes:
        return read
    cuts = {page.number: _cuts(page, read, quotes) for page in read.pages}
    if not any(cuts.values()):
        return read
    pages = tuple(
        page.model_copy(
            update={
                "text": _kept_text(page.text, cuts[page.number]),
                "headings": tuple(
                    heading.model_copy(update=_moved(heading.start, heading.end, cuts[page.number]))
                    for heading in page.headings
                    if not _touched(heading.start, heading.end, cuts[page.number])
                ),
            }
        )
        for page in read.pages
    )
    texts = {page.number: page.text for page in pages}
    passages = []
    for passage in read.passages:
        cut = cuts[passage.page]
        place = _moved(passage.start, passage.end, cut)
        # From the passage's own text, in which words that were set aside are blank, not from the page.
        text = _kept_text(passage.text, _inside(passage.start, passage.end, cut))
        if letters_and_digits(text):
            left = tuple(pair for pair in passage.sentences if not _touched(*pair, cut))
            sentences = tuple((_shift(start, cut), _shift(end, cut)) for start, end in left)
            passages.append(passage.model_copy(update={**place, "text": text, "sentences": sentences}))
    facts = tuple(
        fact.model_copy(update=_moved(fact.start, fact.end, cuts.get(fact.page, [])))
        for fact in read.facts
        if not _touched(fact.start, fact.end, cuts.get(fact.page, []))
    )
    content = "\f".join(page.text for page in pages)
    return read.model_copy(
        update={
            "sha256": hashlib.sha256(content.encode()).hexdigest(),
            "pages": pages,
            "passages": tuple(passages),
            "facts": facts,
            "suspicions": tuple(_left(suspicion, cuts, texts) for suspicion in read.suspicions),
        }
    )


def _left(suspicion: Suspicion, cuts: Mapping[int, Sequence[Cut]], texts: Mapping[int, str]) -> Suspicion:
    """The suspicion at its place in what is left; of words that were cut, those that stand there still.

    One whose words are all cut keeps its message and says of no words any more where they stand.
    """
    if suspicion.end <= suspicion.start or suspicion.page not in texts:
        return suspicion
    place = _moved(suspicion.start, suspicion.end, cuts[suspicion.page])
    quote = suspicion.quote
    if _touched(suspicion.start, suspicion.end, cuts[suspicion.page]):
        quote = texts[suspicion.page][place["start"] : place["end"]]
    return suspicion.model_copy(update={**place, "quote": quote})


def _groups(eval_set: EvaluationSet) -> list[_Group]:
    """What is taken out together: one pair, or in a collection all evidence for one target."""
    found = [x for x in eval_set.labels if x.verdict == "evidence" and x.quotes and x.document != WHOLE_COLLECTION]
    if eval_set.options.scope == "collection":
        by_target: dict[str, list[Label]] = {}
        for label in found:
            by_target.setdefault(label.requirement, []).append(label)
        return list(by_target.items())
    return [(label.requirement, [label]) for label in found]


def _sampled(every: list[_Item], most: int) -> list[_Item]:
    """All of them, or so many drawn at random, the same ones each time."""
    return every if len(every) <= most else random.Random(SEED).sample(every, most)  # noqa: S311 (no secret)


def _quotes(labels: Sequence[Label], document: str) -> list[str]:
    return [quote for label in labels if label.document == document for quote in label.quotes]


def _parts(
    groups: Sequence[_Group], collection: Sequence[str] | None, parts: int
) -> Iterator[tuple[Sequence[str], Sequence[_Group]]]:
    """The groups of each document with its name; a collection's in as many parts as there are workers."""
    if collection is not None:
        for first in range(min(parts, len(groups))):
            yield collection, groups[first::parts]
        return
    by_document: dict[str, list[_Group]] = {}
    for group in groups:
        by_document.setdefault(group[1][0].document, []).append(group)
    for name, own in by_document.items():
        yield [name], own


def _remove(engine: MatchingEngine, job: _Job) -> list[RemovalCase]:
    collection = job.eval_set.options.scope == "collection"
    untouched = _matched(engine, job, list(job.reads.values()), [target for target, _ in job.groups])
    cases = []
    for target, labels in job.groups:
        removed = {name: without(read, _quotes(labels, name)) for name, read in job.reads.items()}
        before = _status(job.eval_set, untouched, target)
        after = _status(job.eval_set, _matched(engine, job, list(removed.values()), [target]), target)
        cut = sum(_size(job.reads[name]) - _size(removed[name]) for name in removed)
        unit = job.eval_set.groups[target] if collection else labels[0].document
        cases.append(RemovalCase(unit, target, before[0], after[0], before[1], after[1], cut))
    return cases


def _matched(
    engine: MatchingEngine, job: _Job, reads: list[DocumentRead], targets: Sequence[str]
) -> dict[str, Finding]:
    """Findings by requirement for these documents as one site."""
    site = job.eval_set.site_of(job.eval_set.name if len(reads) > 1 else reads[0].name)
    only = {requirement for target in targets for requirement in job.eval_set.targets[target]}
    results = engine.match_detailed(engine.prepare(reads), job.eval_set.framework, site, today=job.today, only=only)
    return {result.finding.requirement_id: result.finding for result in results}


def _status(eval_set: EvaluationSet, findings: dict[str, Finding], target: str) -> tuple[Status, float]:
    own = [findings[requirement] for requirement in eval_set.targets[target] if requirement in findings]
    status = roll_up_counts(Counter(finding.status for finding in own))
    return status, max((finding.strength for finding in own), default=0.0)


def _cuts(page: Page, read: DocumentRead, quotes: Sequence[str]) -> list[Cut]:
    """Ranges to cut from one page, merged and in order: whole sentences around every occurrence of the quotes."""
    ranges: list[Cut] = []
    for quote in quotes:
        text, offset = page.text, 0
        while (place := locate(quote, text[offset:])) is not None:
            ranges.append((offset + place[0], offset + place[1]))
            offset += place[1]
    sentences = [pair for passage in read.passages if passage.page == page.number for pair in passage.sentences]
    ranges += [pair for pair in sentences if _touched(*pair, ranges)]
    merged: list[Cut] = []
    for start, end in sorted(ranges):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _touched(start: int, end: int, cuts: Sequence[Cut]) -> bool:
    return any(start < cut_end and cut_start < end for cut_start, cut_end in cuts)


def _shift(offset: int, cuts: Sequence[Cut]) -> int:
    """Where `offset` stands once the ranges are cut; an offset inside a cut moves to its start."""
    return offset - sum(min(offset, end) - start for start, end in cuts if start < offset)


def _moved(start: int, end: int, cuts: Sequence[Cut]) -> dict[str, int]:
    return {"start": _shift(start, cuts), "end": _shift(end, cuts)}


def _inside(start: int, end: int, cuts: Sequence[Cut]) -> list[Cut]:
    """The cuts within `[start, end)`, counted from its start."""
    return [
        (max(first, start) - start, min(last, end) - start)
        for first, last in cuts
        if _touched(start, end, [(first, last)])
    ]


def _kept_text(text: str, cuts: Sequence[Cut]) -> str:
    kept, at = [], 0
    for start, end in cuts:
        kept.append(text[at:start])
        at = end
    return "".join([*kept, text[at:]])


def _size(read: DocumentRead) -> int:
    return sum(len(page.text) for page in read.pages)
