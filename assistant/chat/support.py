"""Whether a passage bears out a sentence that cites it: every figure and name, most content words, and the meaning.

A strict check that can only refuse: word overlap alone tells support from invention hardly better than chance (AUROC
.53), so the sentence must also be near in meaning to one sentence of the passage, which then becomes the citation.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.index.embedders import Embedder
from assistant.index.words import tokens
from ingestion import detect_language
from ingestion.sentences import sentences

FIGURE = re.compile(r"\d+(?:[.,:/]\d+)*")
NAME = re.compile(r"(?<=[\w,;:)] )[A-ZÀ-Þ][\w'’-]+|\b[A-ZÀ-Þ]{2,}[\w-]*")
NEGATION = re.compile(
    r"\b(no(?!\.? ?\d)|not|never|none|nobody|nothing|without|neither|nor|cannot"
    r"|sin|nunca|ning[uú]n\w*|nadie|jam[aá]s|tampoco|nicht|kein\w*|nie|sans|aucun\w*|n[aã]o|sem|bez|tidak)\b"
    r"|n't\b|[不没未无]",
    re.IGNORECASE,
)
WORDS_FROM = 0.5
"""Share of a sentence's content words that the passage must have, when both are in one language."""
MEANING_FROM = 0.45
"""Cosine with the nearest sentence of the passage, in one language."""
MEANING_ACROSS = 0.6
"""The same across languages, where words cannot be compared."""
_THOUSANDS = re.compile(r"\d{1,3}(?:[.,]\d{3})+(?!\d)")
_WRITTEN = {
    word: str(number)
    for number, words in enumerate(
        ("two dos", "three tres", "four cuatro", "five cinco", "six seis", "seven siete", "eight ocho", "nine nueve",
         "ten diez", "eleven once", "twelve doce"), start=2
    )
    for word in words.split()
}  # fmt: skip
"""Not "one", which is seldom a count; "once" is eleven in Spanish, and in English asks for more than it should."""
_MONTHS = {
    name: f"month {number}"
    for number, names in enumerate(
        ("january enero", "february febrero", "march marzo", "april abril", "mayo", "june junio", "july julio",
         "august agosto", "september septiembre", "october octubre", "november noviembre", "december diciembre"),
        start=1,
    )
    for name in names.split()
}  # fmt: skip
"""English "May" is left out: it is a verb more often than a month."""
_WORD = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True, slots=True)
class Support:
    """The sentence of the passage that bears a claim out, as offsets into the passage's text, and how near it is."""

    start: int
    end: int
    meaning: float


def supports(claim: str, passage: str, embedder: Embedder) -> Support | None:
    """Where in `passage` the claim stands, `None` when it is not borne out there."""
    spans = [span for span in sentences(passage) if any(char.isalnum() for char in passage[span[0] : span[1]])]
    if not spans or not claim.strip():
        return None
    one_language = _same_language(claim, passage)
    if not figures(claim) <= figures(passage) or not _names_there(claim, passage, one_language):
        return None
    vectors = embedder.embed([claim, *(passage[start:end] for start, end in spans)])
    nearness = vectors[1:] @ vectors[0]
    best = max(range(len(spans)), key=lambda i: float(nearness[i]))
    start, end = spans[best]
    meaning = float(nearness[best])
    if bool(NEGATION.search(claim)) != bool(NEGATION.search(passage[start:end])):
        return None
    if one_language and (meaning < MEANING_FROM or _share(claim, passage) < WORDS_FROM):
        return None
    if not one_language and meaning < MEANING_ACROSS:
        return None
    return Support(start, end, meaning)


def figures(text: str) -> set[str]:
    """The figures of a text in one form: "1,940" and "1.940" are one, "1.5" and "1,5" are one, "1.5" and "15" are not.

    Numbers and months that are written as words count as well.
    """
    plain = unicodedata.normalize("NFKC", text)
    found = {
        re.sub(r"[.,]", "", figure) if _THOUSANDS.fullmatch(figure) else figure.replace(",", ".")
        for figure in FIGURE.findall(plain)
    }
    words = {word.casefold() for word in _WORD.findall(plain)}
    return found | {form[word] for form in (_WRITTEN, _MONTHS) for word in words if word in form}


def _names_there(claim: str, passage: str, one_language: bool) -> bool:
    """Whether the names of a claim stand in the passage.

    Its first word may be a name too: it must stand there as well, unless it is a word like "the", or of a language that
    the passage is not in and no other capital follows it.
    """
    there = passage.casefold()
    if not all(name.casefold() in there for name in NAME.findall(claim) if name.casefold() not in {*_MONTHS, "may"}):
        return False
    words = _WORD.findall(claim)
    if not words or not (one_language or (words[1:2] and words[1][:1].isupper())):
        return True
    language = detect_language(passage)[0] or "en"
    return set(tokens(words[0], language)) <= set(tokens(passage, language))


def _share(claim: str, passage: str) -> float:
    language = detect_language(passage)[0] or "en"
    words = set(tokens(claim, language))
    return len(words & set(tokens(passage, language))) / len(words) if words else 0.0


def _same_language(claim: str, passage: str) -> bool:
    shares: Sequence[str] = [detect_language(text, {"en": 0.5, "es": 0.5})[0] for text in (claim, passage)]
    return shares[0] == shares[1]
