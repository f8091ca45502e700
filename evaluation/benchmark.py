"""A made site of many pages: how long matching takes once everything is indexed, and how much memory it needs.

Text is generated from word lists and a limited pool of passages is recombined into pages, so that embedding, which
reads the same text once, stays short while indexes and matching see every page.
"""

from __future__ import annotations

import hashlib
import random
import time
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from assistant import catalogue
from assistant.models import Site, SiteKind
from assistant.progress import Progress, silent
from evaluation.engines import EngineFactory
from evaluation.memory import PeakMemory, resident_mb
from evaluation.runner import EVALUATION_DAY, describe
from ingestion.models import DocumentRead, Page, Passage, ReadStatus

PAGES = 10_000
PAGES_PER_DOCUMENT = 50
PASSAGES_PER_PAGE = 4
POOL = 1_500
"""Different passages in the pool: about 40 s of embedding on two cores."""

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
