"""How likely a sentence answers a question: a logistic model over vectors, words and the kind of thing asked for.

The best retrieval score alone is a poor test of absence; words that name the thing asked for and stand nowhere near,
and the wrong kind of answer (no date for a "when"), say more.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assistant.chat.lexicon import Lexicon, Phrase
from assistant.chat.vocabulary import frame_words, matches, vocabulary
from assistant.index.words import STOP_WORDS, tokens
from assistant.retrieve import Prepared, search
from ingestion import detect_language

HITS = 12
"""Passages whose sentences are looked at."""
NEAREST_UNITS = 40
"""Sentences looked at whatever their passage, by sentence vector."""
FEATURES: tuple[str, ...] = (
    "sentence", "margin", "passage", "words", "around", "rarest", "foreign", "called", "names", "kind", "heading",
    "unfinished", "short",
)  # fmt: skip
_WORD = re.compile(r"[^\W\d_]+")
_NAME = re.compile(r"(?<=\w[ ,'’(])[A-ZÀ-Þ][\w-]*[\w]|\b[A-Z]{2,}\d*\b|\b\d[\w.,/-]*\b")
_SHORT = 4
CALLED_UNITS = 20
"""Sentences looked at for their words, in the language of the question and in each other language."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A unit of the prepared documents with the probability in [0, 1] that it answers the question.

    `called` in [0, 1] is how well it holds what the question's subject is called in the unit's own, other language.
    """

    unit: int
    probability: float
    called: float = 0.0


@dataclass(frozen=True)
class Model:
    """Weights of the logistic model, one a feature, and its intercept."""

    weights: tuple[float, ...]
    intercept: float

    def probability(self, rows: NDArray[np.float32]) -> NDArray[np.float64]:
        """Probability for each feature row, shape (len(rows),)."""
        return np.asarray(1.0 / (1.0 + np.exp(-(rows @ np.asarray(self.weights) + self.intercept))), dtype=np.float64)


def question_words(question: str, language: str) -> list[str]:
    """The index words that name what is asked for, without the words that frame the question."""
    return list(dict.fromkeys(tokens(subject_of(question), language)))


def subject_of(question: str) -> str:
    """The question without the words that frame it; the whole question when nothing else is left."""
    plain = _WORD.sub(lambda found: "" if found.group().casefold() in frame_words() else found.group(), question)
    words = plain.strip(" ?¿!¡.,").split()
    while words and words[0].casefold() in STOP_WORDS:
        words.pop(0)
    return " ".join(words) if any(char.isalnum() for word in words for char in word) else question


def names(question: str) -> list[str]:
    """Proper names, abbreviations and numbers in a question; an answer that has none of them is seldom one."""
    return [found for found in dict.fromkeys(_NAME.findall(question)) if found.casefold() not in frame_words()]


def language_of(question: str, languages: Sequence[str]) -> str:
    """The question's language among those of the documents and English and Spanish, by its function words."""
    prior = {**dict.fromkeys(languages[:3], 0.2), "en": 0.5, "es": 0.3}
    code, _ = detect_language(question, prior)
    return code or "en"


def candidates(
    prepared: Prepared, question: str, lexicon: Lexicon | None = None
) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """Units worth looking at for a question and their feature rows, shape (n, len(FEATURES))."""
    if not prepared.units:
        return np.zeros(0, dtype=np.int64), np.zeros((0, len(FEATURES)), dtype=np.float32)
    subject = subject_of(question)
    whole, vector = prepared.sentence_embedder.embed([question, subject])
    # "Where do we speak of …" is alike in every question and in no document: the subject alone is compared as well.
    cosines = np.maximum(
        prepared.unit_vectors @ whole.astype(np.float16), prepared.unit_vectors @ vector.astype(np.float16)
    )
    cosines = cosines.astype(np.float32)
    found = {(hit.passage.sha256, hit.passage.page, hit.passage.start) for hit in search(prepared, subject, HITS)}
    hits = [i for i, p in enumerate(prepared.passages) if (p.sha256, p.page, p.start) in found]
    near = [np.argsort(-cosines, kind="stable")[:NEAREST_UNITS]]
    asked = language_of(question, prepared.languages)
    near.append(np.argsort(-prepared.unit_index.scores(question_words(question, asked)), kind="stable")[:CALLED_UNITS])
    phrases: dict[str, list[Phrase]] = {}
    if lexicon is not None:
        phrases = lexicon.phrases(vector, [language for language in prepared.languages if language != asked])
        for own in phrases.values():
            scores = prepared.unit_index.scores([word for phrase in own for word in phrase.words])
            near.append(np.argsort(-scores, kind="stable")[:CALLED_UNITS])
    rows = np.unique(np.concatenate([np.flatnonzero(np.isin(prepared.unit_passage, hits)), *near])).astype(np.int64)
    return rows, features(prepared, question, rows, cosines, asked, phrases)


def features(
    prepared: Prepared,
    question: str,
    rows: NDArray[np.int64],
    cosines: NDArray[np.float32],
    asked: str,
    phrases: dict[str, list[Phrase]],
) -> NDArray[np.float32]:
    """The feature rows of the units `rows`; `cosines` are those of all units with the question.

    `asked` is the question's language, `phrases` what it is called in the others.
    """
    words = question_words(question, asked)
    weights = _idf(prepared, words)
    rarest = max(words, key=lambda word: weights[word], default="")
    passage_cosines = prepared.passage_vectors @ prepared.passage_embedder.embed([subject_of(question)])[0]
    named = [name.casefold() for name in names(question)]
    usual = float(np.sort(cosines)[-min(len(cosines), NEAREST_UNITS)])
    table = []
    for row in rows:
        unit = prepared.units[row]
        passage = prepared.passages[unit.passage]
        foreign = (unit.language or "en") != asked
        in_unit = set(prepared.unit_words[row])
        around = set(prepared.passage_words[unit.passage])
        near_by = f"{passage.text} {' '.join(passage.heading)}".casefold()
        called = max(
            (
                phrase.nearness * len(in_unit & set(phrase.words)) / len(phrase.words)
                for phrase in phrases.get(unit.language, ())
            ),
            default=0.0,
        )
        plain = " ".join(unit.text.split())
        table.append(
            [
                cosines[row],
                cosines[row] - usual,
                passage_cosines[unit.passage],
                0.0 if foreign else _share(words, in_unit, weights),
                0.0 if foreign else _share(words, around, weights),
                0.5 if foreign else float(rarest in around),
                float(foreign),
                called,
                sum(name in near_by for name in named) / len(named) if named else 1.0,
                _kind(question, plain, named),
                float(plain in passage.heading),
                float(not plain.endswith((".", "。", "!", ";", "；"))),
                float(len(in_unit) < _SHORT),
            ]
        )
    return np.asarray(table, dtype=np.float32).reshape(len(rows), len(FEATURES))


def _kind(question: str, text: str, named: Sequence[str]) -> float:
    """1 when the sentence has the kind of thing asked for (a time, an amount, a person), 0 when not, 0.5 when none is.

    What the question names itself does not count as an answer.
    """
    for kind in vocabulary().asks.values():
        if matches(kind.asked, question):
            rest = text
            for name in named:
                rest = re.sub(re.escape(name), " ", rest, flags=re.IGNORECASE)
            return float(matches(kind.there, rest))
    return 0.5


def _share(words: Sequence[str], there: set[str], weights: dict[str, float]) -> float:
    total = sum(weights[word] for word in words)
    return sum(weights[word] for word in words if word in there) / total if total else 0.0


def _idf(prepared: Prepared, words: Iterable[str]) -> dict[str, float]:
    """How rare each word is among the units; a word that stands nowhere is the rarest."""
    known = [word for word in words if word in prepared.vocabulary]
    counts = (
        prepared.unit_matrix[:, [prepared.vocabulary[word] for word in known]].sum(axis=0)
        if known
        else np.zeros((1, 0))
    )
    frequency = dict(zip(known, np.asarray(counts).ravel(), strict=True))
    return {
        word: max(0.1, float(np.log((len(prepared.units) + 1.0) / (frequency.get(word, 0.0) + 0.5)))) for word in words
    }


MODEL = Model(
    weights=(4.13, 2.02, -0.69, 2.63, 2.21, 0.77, 0.31, 3.61, 0.43, 0.83, -1.53, -0.87, -1.13),
    intercept=-5.7,
)
"""Fitted on the dev half of evaluation/chat_questions.jsonl (39 on documents), drawn to a prior set by hand."""


def rank(prepared: Prepared, question: str, lexicon: Lexicon | None = None, model: Model = MODEL) -> list[Candidate]:
    """Sentences that may answer the question, the likeliest first."""
    rows, table = candidates(prepared, question, lexicon)
    if not len(rows):
        return []
    probabilities = model.probability(table)
    order = np.lexsort((rows, -probabilities))
    called = table[:, FEATURES.index("called")]
    return [Candidate(int(rows[i]), float(probabilities[i]), float(called[i])) for i in order]
