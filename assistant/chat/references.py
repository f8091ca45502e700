"""What a question names: criteria and requirements by number or title, kinds of site, documents by file name."""

from __future__ import annotations

import re
from collections.abc import Iterable

from assistant.chat.vocabulary import matches, vocabulary
from assistant.index.words import tokens
from assistant.models import Criterion, Framework, Frozen, SiteKind

_CRITERION = re.compile(
    r"\b(?:criteri(?:on|a|os?|um|ums)|crit[eéè]ri?o?s?|crit[eè]res?|kriteri\w*|kryteri\w*|kriteria|issue|c)\s*"
    r"(?:n\.?[o°º]\.?|number|n[uú]mero|nr\.?|#)?\s*"
    r"(?P<numbers>\d{1,2}(?!\d|[.,]\d)(?:\s*(?:,|and|or|y|e|o|to|&)\s*\d{1,2}(?!\d|[.,]\d))*)",
    re.IGNORECASE,
)
_CJK_CRITERION = re.compile(r"(?:准则|標準|标准|基準|要素)\s*(?P<numbers>\d{1,2})")
_ID_TOKEN = re.compile(r"[^\W_]+(?:[.\-/_][^\W_]+)*")
_BARE = re.compile(
    r"\b(?:in|on|for|of|about|en|de|del|para|sobre|and|y)\s+(?:the\s+|el\s+)?(?P<number>\d{1,2})\s*[?.!]?\s*$",
    re.IGNORECASE,
)
_TITLE_WORDS = 2
"""A title of one word ("Pollution") names its criterion only beside the word criterion; it is also just a word."""


class References(Frozen):
    """What a question names outright."""

    criteria: tuple[str, ...] = ()
    requirement_id: str = ""
    kinds: tuple[SiteKind, ...] = ()
    sha256: str = ""


def references(question: str, framework: Framework, documents: Iterable[tuple[str, str]] = ()) -> References:
    """The criteria, requirement, kinds of site and document a question names; `documents` are (sha256, name) pairs."""
    requirement_id = _requirement(question, framework)
    criteria = _numbered(question, framework)
    if requirement_id:
        criteria = tuple(dict.fromkeys((framework.find(requirement_id)[0].id, *criteria)))
    if not criteria:
        criteria = _titled(question, framework)
    kinds = tuple(kind for kind, patterns in vocabulary().kinds.items() if matches(patterns, question))
    return References(
        criteria=criteria, requirement_id=requirement_id, kinds=kinds, sha256=_document(question, documents)
    )


def _requirement(question: str, framework: Framework) -> str:
    known = {requirement.id.casefold(): requirement.id for c in framework.criteria for requirement in c.requirements}
    joined = {re.sub(r"[\W_]", "", key): value for key, value in known.items()}
    for found in _ID_TOKEN.findall(question):
        token = found.casefold()
        mixed = any(char.isdigit() for char in token) and any(char.isalpha() for char in token)
        if mixed and token in known:
            return known[token]
        plain = re.sub(r"[\W_]", "", token)
        if mixed and plain in joined:
            return joined[plain]
    spaced = re.search(r"(?:requirement|requisito|criteri(?:on|o))\s+(\d{1,2})\s*([a-z])\b", question, re.IGNORECASE)
    return joined.get("".join(spaced.groups()).casefold(), "") if spaced else ""


def _numbered(question: str, framework: Framework) -> tuple[str, ...]:
    by_number = {
        str(criterion.number): criterion.id for criterion in framework.criteria if criterion.number is not None
    }
    by_number |= {criterion.id: criterion.id for criterion in framework.criteria}
    numbers = [
        number
        for pattern in (_CRITERION, _CJK_CRITERION)
        for found in pattern.finditer(question)
        for number in re.findall(r"\d+", found["numbers"])
    ]
    if not numbers and (bare := _BARE.search(question)):
        numbers = [bare["number"]]
    return tuple(dict.fromkeys(by_number[number] for number in numbers if number in by_number))


def _titled(question: str, framework: Framework) -> tuple[str, ...]:
    """The criteria whose title, in any language of the catalogue, stands in the question word by word."""
    found: list[tuple[int, str]] = []
    for criterion in framework.criteria:
        for language, title in _titles(criterion, framework.language):
            words = set(tokens(title, language))
            if len(words) >= _TITLE_WORDS and words <= set(tokens(question, language)):
                found.append((-len(words), criterion.id))
    longest = min((size for size, _ in found), default=0)
    return tuple(dict.fromkeys(criterion_id for size, criterion_id in found if size == longest))


def _titles(criterion: Criterion, language: str) -> list[tuple[str, str]]:
    return [(language, criterion.title), *criterion.titles.items()]


def _document(question: str, documents: Iterable[tuple[str, str]]) -> str:
    folded = question.casefold()
    for sha256, name in documents:
        stem = name.rsplit("/", 1)[-1].rsplit(".", 1)[0].casefold()
        if name.casefold() in folded or (len(stem) > 6 and (stem in folded or stem.replace("_", " ") in folded)):
            return sha256
    return ""
