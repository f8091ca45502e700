"""English requirements find what says the same in eight other languages, with the models that ship."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import evaluation
from assistant.catalogue import load
from evaluation.engines import open_engine
from evaluation.runner import run_set
from evaluation.sets import WHOLE_COLLECTION, load_set
from evaluation.summary import by_language
from evaluation.training.ours import CONTRASTS, PAGES, WORLDS

LANGUAGES = Path(evaluation.__file__).parent / "languages"
WORDS_IN_A_ROW = 7


def test_each_language_says_the_same_and_the_rest_is_a_gap_everywhere() -> None:
    loaded = load_set(LANGUAGES)
    everywhere = {label.requirement for label in loaded.labels if label.document == WHOLE_COLLECTION}
    said = {
        name: tuple(label.requirement for label in loaded.labels_of(name) if label.verdict == "evidence")
        for name in loaded.documents
    }
    assert len(set(said.values())) == 1
    assert sorted(said) == [f"{language}.txt" for language in ("de", "en", "es", "fr", "id", "ja", "pl", "pt", "zh")]
    assert not everywhere & set(said["en.txt"])
    terms = {language for c in load("rra-v2").criteria for r in c.requirements for language in r.terms}
    assert terms == {name.removesuffix(".txt") for name in said} - {"en"}


def test_no_sentence_of_it_trained_anything() -> None:
    lines = [line for path in (CONTRASTS, PAGES, WORLDS) for line in path.read_text(encoding="utf-8").splitlines()]
    learnt = " ".join(json.dumps(json.loads(line), ensure_ascii=False) for line in lines).lower()
    for label in load_set(LANGUAGES).labels:
        for quote in label.quotes:
            words = quote.lower().split()
            for at in range(max(1, len(words) - WORDS_IN_A_ROW + 1)):
                assert " ".join(words[at : at + WORDS_IN_A_ROW]) not in learnt


@pytest.mark.slow
def test_every_language_is_found_by_english_requirements(tmp_path: Path) -> None:
    rows = run_set(load_set(LANGUAGES), open_engine, cache=tmp_path, workers=1).rows
    found = by_language(rows.language_rankings, rows.pairs)
    recall = {language: block["evidence"]["recall@5"]["value"] for language, block in found.items()}
    assert recall == dict.fromkeys(("de", "en", "es", "fr", "id", "ja", "pl", "pt", "zh"), 1.0)
    assert {language for language, block in found.items() if block["evidence"]["map"]["value"] < 0.85} == set()
