"""The floor, and the metrics against figures that another program measured on the same sets."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from evaluation.bm25_floor import Bm25Floor, tokens, windows_of
from evaluation.judging import judge_document
from evaluation.rows import Rows
from evaluation.runner import EVALUATION_DAY, match_document, requirements_of
from evaluation.sets import load_set
from evaluation.summary import evidence_block
from ingestion.models import DocumentRead, Page, Passage, ReadStatus


def whole(name: str, text: str, language: str) -> DocumentRead:
    """A document on one page whose passages are the floor's own windows, as in the baselines."""
    read = DocumentRead(
        sha256=hashlib.sha256(f"{name} {text}".encode()).hexdigest(),
        name=name,
        media_type="text/plain",
        size=len(text),
        status=ReadStatus.READ,
        pages=(Page(number=1, text=text),),
        languages={language: 1.0},
    )
    passages = tuple(Passage(page=1, start=w.start, end=w.end, text=w.text) for w in windows_of(read))
    return read.model_copy(update={"passages": passages})


def test_windows_follow_each_other_and_two_characters_are_a_word() -> None:
    read = whole("a", "word " * 250 + "end", "en")
    assert [len(w.text.split()) for w in windows_of(read)] == [120, 120, 11]
    assert [len(w.text) for w in windows_of(whole("b", "铜" * 500, "zh"))] == [240, 240, 20]
    assert windows_of(whole("c", " \n ", "en")) == []


def test_tokens() -> None:
    assert tokens("The Permits and 铜矿业, CO2!", stem=True) == ["permit", "铜矿", "矿业", "co2"]
    assert tokens("Permits", stem=False) == ["permits"]


@pytest.mark.data
@pytest.mark.parametrize(
    ("name", "language", "hit1", "hit5", "recall10", "mean_precision", "tolerance"),
    [
        ("udhr-es", "es", 0.300, 0.767, 0.933, 0.503, 0.0006),
        ("udhr-pl", "pl", 0.100, 0.600, 1.000, 0.328, 0.0006),
        ("contractnli-dev", "en", 0.570, 0.897, 0.937, 0.643, 0.02),
        ("gdpr-dpa-dev", "en", 0.623, 0.893, 0.891, 0.668, 0.02),
    ],
)
def test_metrics_give_the_published_baselines(
    data: Path,
    name: str,
    language: str,
    hit1: float,
    hit5: float,
    recall10: float,
    mean_precision: float,
    tolerance: float,
) -> None:
    # The tolerance of the English sets is another stop list; where nothing is stemmed the figures are equal.
    loaded = load_set(data / name)
    reads = {
        file: whole(file, path.read_text(encoding="utf-8").replace("\f", "\n"), language)
        for file, path in loaded.documents.items()
    }
    engine, rows = Bm25Floor(list(reads.values())), Rows()
    for file, read in reads.items():
        matched = match_document(engine, loaded, file, read, requirements_of(loaded, file), EVALUATION_DAY)
        rows.add(judge_document(loaded, file, read, matched))
    block = evidence_block(rows.rankings, "passages")
    measured = [block[metric]["value"] for metric in ("hit@1", "hit@5", "recall@10", "map")]
    assert measured == pytest.approx([hit1, hit5, recall10, mean_precision], abs=tolerance)
