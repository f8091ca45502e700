"""For which requirements a certificate speaks: those that list its standard, or that ask for outside assurance at all.

A certificate says that somebody else looked at one management system; it says nothing about another. Standards are
compared without edition years and national prefixes: "UNE-EN ISO 14001:2015" and "GB/T 24001" are ISO 14001.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from assistant.judge.validity import latest
from assistant.models import EvidenceKind, Requirement
from ingestion.models import DocumentRead, FactName

STRONG = 0.7
"""Strength from which the words of a certificate speak by themselves to a requirement that lists no standard."""
PAGES = 2
"""First pages of a certificate on which its standard stands; annexes list addresses."""

SAME_STANDARD: dict[str, str] = {
    "24001": "14001", "23331": "50001", "28001": "45001", "18001": "45001", "24064": "14064",
}  # fmt: skip
"""National and older numbers of the same standard: China's GB/T, and OHSAS 18001."""
ALIASES: dict[str, tuple[str, ...]] = {
    "gistm conformance validation": ("gistm", "global industry standard on tailings management"),
    "alliance for water stewardship": ("alliance for water stewardship", "aws standard", "aws international"),
    "joint due diligence standard": ("joint due diligence standard", "jdds"),
    "jdds": ("joint due diligence standard", "jdds"),
    "rmap": ("rmap", "responsible minerals assurance process"),
    "rjc": ("rjc", "responsible jewellery council"),
    "icoca": ("icoca", "international code of conduct association"),
    "sbti approval": ("sbti", "science based targets initiative"),
    "emas": ("emas", "eco management and audit scheme", "öko audit"),
    "edge": ("edge certification", "edge certified", "edge assess", "edge move", "edge lead"),
    "fair wage": ("fair wage", "living wage employer"),
    "psc 1": ("psc 1",),
}
"""Other names under which a listed standard stands on a certificate, folded as `_fold` does."""
_NUMBERED = re.compile(
    r"(?<!\w)(?:iso(?: iec)?|ohsas|gb ?t|jis ?[qz]|nch|nmx|isae|sa) ?(?:[a-z]{1,3} )?(?P<number>\d{3,5})(?!\d)"
)
_TSM = ("tsm", "towards sustainable mining")


def silent_because(requirement: Requirement, document: DocumentRead, *, strength: float = 0.0) -> str:
    """Why a certificate does not speak for a requirement, as a sentence; empty when it does.

    `strength` is that of the quote, in [0, 1]. Documents that are no certificates always may speak.
    """
    if not is_certificate(document) or not (requirement.certificates or requirement.kinds):
        # A framework that says neither which certificates nor which kinds count leaves the question open.
        return ""
    if requirement.certificates:
        if any(_names(document, listed) for listed in requirement.certificates):
            return ""
        return f"The certificate is not of {_either(requirement.certificates)}, which would stand for this requirement."
    if EvidenceKind.ASSURANCE in requirement.kinds and strength >= STRONG:
        return ""
    if any(_asks_for(document, example) for example in requirement.evidence_examples):
        return ""
    return "No certificate stands for this requirement; it needs evidence of its own."


def is_certificate(document: DocumentRead) -> bool:
    """Whether the document is a certificate or an assurance statement."""
    facts = latest(document)
    return FactName.KIND in facts and facts[FactName.KIND].value == "certificate"


def _asks_for(document: DocumentRead, example: str) -> bool:
    """Whether an example of evidence is a certificate like this one: of the standard it names, if it names one."""
    wanted = _fold(example)
    return "certificate" in wanted and (not _numbers(wanted) or _names(document, example))


def _names(document: DocumentRead, listed: str) -> bool:
    text = _heard(document.name, *(page.text for page in document.pages[:PAGES]))
    wanted = _fold(listed)
    numbers = _numbers(wanted)
    if numbers:
        return bool(numbers & _numbers(text))
    if wanted.startswith("tsm "):
        return any(name in text for name in _TSM) and wanted.removeprefix("tsm ") in text
    return any(re.search(rf"(?<!\w){re.escape(alias)}(?!\w)", text) for alias in ALIASES.get(wanted, (wanted,)))


@lru_cache(maxsize=256)
def _heard(*texts: str) -> str:
    return " ".join(_fold(text) for text in texts)


def _fold(text: str) -> str:
    """Lower case without accents; every run of other signs than letters and digits becomes one space."""
    plain = "".join(char for char in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(char))
    return " ".join(re.sub(r"[\W_]+", " ", plain).split())


def _numbers(folded: str) -> frozenset[str]:
    """The numbers of the standards named in a folded text, as the international ones."""
    numbers = (match["number"] for match in _NUMBERED.finditer(folded))
    return frozenset(SAME_STANDARD.get(number, number) for number in numbers)


def _either(names: tuple[str, ...]) -> str:
    return " or ".join((", ".join(names[:-1]), names[-1])) if len(names) > 1 else names[0]
