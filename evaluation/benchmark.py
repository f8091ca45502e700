"""A made site of many pages: how long matching takes once everything is indexed, and how much memory it needs.

Text is generated from word lists and a limited pool of passages is recombined into pages, so that embedding, which
reads the same text once, stays short while indexes and matching see every page.
"""

from __future__ import annotations

import hashlib
import random
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from assistant import catalogue
from assistant.models import Site, SiteKind
from assistant.progress import Progress, silent
from evaluation.engines import EngineFactory, MatchingEngine
from evaluation.memory import PeakMemory, resident_mb
from evaluation.runner import EVALUATION_DAY, describe
from ingestion.models import DocumentRead, Page, Passage, ReadStatus

if TYPE_CHECKING:
    from assistant.retrieve import Confirmed, Learned

PAGES = 10_000
PAGES_PER_DOCUMENT = 50
PASSAGES_PER_PAGE = 4
POOL = 1_500
"""Different passages in the pool: about 40 s of embedding on two cores."""

ROUNDS = 3
SHARES = (0.0, 0.5, 1.0)
"""Of the requirements that have confirmed quotes: none, every second one, all."""
PASSAGE_WORDS = 110
SEED = 1

_WHO = ("The site", "The environment team", "Management", "The contractor", "The safety committee", "An auditor")
_DOES = ("reviews", "records", "monitors", "approves", "reports", "plans", "inspects", "updates", "evaluates")
_WHAT = (
    "the tailings dam", "water withdrawal", "the grievance register", "emissions of sulphur dioxide",
    "training of guards", "the closure plan", "waste rock", "wages and hours", "permits and licences",
    "suppliers of concentrate", "the emergency plan", "energy use", "noise at the fence", "payments to governments",
    "injuries and near misses", "protected areas", "community investment", "conflicts of interest",
    "the legal register", "contractor safety",
)  # fmt: skip
_HOW = (
    "every quarter", "once a year", "in line with the procedure", "before work starts", "with the community",
    "against the targets", "and keeps the records for five years", "as the permit requires", "within thirty days",
)  # fmt: skip


def made_site(pages: int = PAGES, pool: int = POOL, seed: int = SEED) -> list[DocumentRead]:
    """Documents as ingestion would give them, the same for the same numbers."""
    chance = random.Random(seed)  # noqa: S311 (text to measure with, no secret)
    passages = [_passage_text(chance) for _ in range(pool)]
    documents = []
    for first in range(0, pages, PAGES_PER_DOCUMENT):
        count = min(PAGES_PER_DOCUMENT, pages - first)
        chosen = [[chance.choice(passages) for _ in range(PASSAGES_PER_PAGE)] for _ in range(count)]
        documents.append(_document(f"made-{first // PAGES_PER_DOCUMENT + 1:04}.txt", chosen))
    return documents


def run_benchmark(
    factory: EngineFactory,
    *,
    pages: int = PAGES,
    framework: str = "rra-v2",
    today: date = EVALUATION_DAY,
    progress: Progress = silent,
) -> dict[str, Any]:
    """Seconds of indexing, of opening the index again, of matching all requirements; peak memory of all of it.

    Nothing is kept from an earlier run: every vector is made and every pair is read by the cross-encoder.
    `growth_mb` is by how much matching goes above what the opened index needs: near nothing when memory stays flat.
    """
    documents = made_site(pages)
    criteria = catalogue.load(framework)
    site = Site(name="A made site", kinds=tuple(SiteKind))
    with TemporaryDirectory() as folder, PeakMemory() as whole:
        engine = factory(Path(folder))
        started = time.perf_counter()
        engine.prepare(documents, progress)
        indexed = time.perf_counter()
        prepared = engine.prepare(documents, progress)
        ready = time.perf_counter()
        resident = resident_mb()
        with PeakMemory() as matching:
            findings = sum(1 for _ in engine.match_detailed(prepared, criteria, site, today=today, progress=progress))
            matched = time.perf_counter()
    return {
        "engine": describe(engine),
        "documents": len(documents),
        "pages": sum(len(document.pages) for document in documents),
        "passages": sum(len(document.passages) for document in documents),
        "requirements": findings,
        "first_index_seconds": round(indexed - started, 2),
        "reopen_seconds": round(ready - indexed, 2),
        "matching_seconds": round(matched - ready, 2),
        "growth_mb": round(matching.peak_mb - resident, 1),
        "peak_mb": round(max(whole.peak_mb, matching.peak_mb), 1),
    }


@dataclass(frozen=True, slots=True)
class Rounds:
    """Seconds of matching, one entry a round, where this `share` of the requirements has confirmed quotes."""

    share: float
    seconds: tuple[float, ...]


def compare_learned(
    opened: Callable[[Path, Learned], MatchingEngine],
    *,
    pages: int = PAGES,
    rounds: int = ROUNDS,
    shares: Sequence[float] = SHARES,
    framework: str = "rra-v2",
    progress: Progress = silent,
) -> list[Rounds]:
    """Seconds of matching without and with as many confirmed quotes a requirement as are searched for, side by side.

    The site is indexed once; each matching reads every pair anew, in the order of `shares` in each round.
    """
    from assistant.retrieve import Confirmed
    from assistant.retrieve.learned import MOST

    documents, criteria = made_site(pages), catalogue.load(framework)
    site = Site(name="A made site", kinds=tuple(SiteKind))
    chance = random.Random(SEED)  # noqa: S311 (text to measure with, no secret)

    def quotes() -> Iterator[Confirmed]:
        for document in chance.choices(documents, k=MOST):
            passage = chance.choice(document.passages)
            first, last = chance.choice(passage.sentences)
            yield Confirmed(document.sha256, passage.text[first:last])

    names = [requirement.id for criterion in criteria.criteria for requirement in criterion.requirements]
    every = {name: tuple(quotes()) for name in names}
    seconds: dict[float, list[float]] = {share: [] for share in shares}
    with TemporaryDirectory() as folder:
        prepared = opened(Path(folder) / "index", {}).prepare(documents, progress)
        for number in range(rounds):
            for share, taken in seconds.items():
                known = {name: every[name] for at, name in enumerate(names) if int((at + 1) * share) > int(at * share)}
                engine = opened(Path(folder) / f"{number} {share}", known)
                started = time.perf_counter()
                for _ in engine.match_detailed(prepared, criteria, site, today=EVALUATION_DAY, progress=progress):
                    pass
                taken.append(time.perf_counter() - started)
    return [Rounds(share, tuple(taken)) for share, taken in seconds.items()]


def _passage_text(chance: random.Random) -> str:
    sentences: list[str] = []
    words = 0
    while words < PASSAGE_WORDS:
        parts = (chance.choice(_WHO), chance.choice(_DOES), chance.choice(_WHAT), chance.choice(_HOW))
        sentence = f"{' '.join(parts)}, {chance.randint(2, 980)} times since {chance.randint(2015, 2026)}."
        sentences.append(sentence)
        words += len(sentence.split())
    return " ".join(sentences)


def _document(name: str, chosen: list[list[str]]) -> DocumentRead:
    pages, passages = [], []
    for number, texts in enumerate(chosen, 1):
        at = 0
        for text in texts:
            passages.append(
                Passage(
                    page=number, start=at, end=at + len(text), text=text, language="en", sentences=_sentences(text, at)
                )
            )
            at += len(text) + 2
        pages.append(Page(number=number, text="\n\n".join(texts)))
    content = "\f".join(page.text for page in pages)
    return DocumentRead(
        sha256=hashlib.sha256(content.encode()).hexdigest(),
        name=name,
        media_type="text/plain",
        size=len(content),
        status=ReadStatus.READ,
        pages=tuple(pages),
        passages=tuple(passages),
        languages={"en": 1.0},
    )


def _sentences(text: str, offset: int) -> tuple[tuple[int, int], ...]:
    found, at = [], 0
    for part in text.split(". "):
        end = min(at + len(part) + 1, len(text))
        found.append((offset + at, offset + end))
        at = end + 1
    return tuple(found)
