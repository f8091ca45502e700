"""Does a quote say the opposite? An outside party reports a breach, or the document admits that something is missing.

A breach counts when an authority, a court or another outside party states it as a fact in a paper of its own; it is
laid at the requirement it is plainly nearest to, or at the one whose `contradictions` name charges and sanctions.
A recorded negative ("no exceedance was recorded") is evidence and never a contradiction. When in doubt, nothing is
said: a false contradiction is worse than a missed one. Measured figures: docs/method.md.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from assistant.judge.accusing import (
    ADMISSION,
    AUTHORITY,
    BREACH,
    CONDITIONAL,
    HARM_DENIED,
    OWN_PAPER,
    PROCEEDINGS,
    SELF,
    SETTLED,
)
from assistant.judge.similarities import Similarities
from assistant.judge.validity import latest
from assistant.models import Stance
from assistant.retrieve import Prepared, RequirementQuery
from ingestion.models import DocumentRead, FactName

NEAREST_FLOOR = 0.5
"""Least sum of the cosines to the requirement and to its opposite for a breach to be laid at it."""
NEAREST_LEAD = 0.08
"""How far that sum must lie above the next requirement's; both measured on the sample site and copper-docs-dev."""
ADMITTED_FLOOR = 0.5
ADMITTED_MARGIN = 0.05
"""An admission must be this near to the opposite, and nearer to it than to the requirement. Nearness with no more than
a word of negation was wrong in 7 of 7 cases on the sample site, so the words of an admission are asked for too."""
REPORTED = 0.75
"""Strength of a breach that an outside party reports: a cautious round figure, from the few measured cases."""
OPENING = 220
"""Characters of a first page in which a sender names itself."""
LEAST_LETTERS = 24
"""Shorter units are headings and labels."""


@dataclass(frozen=True, slots=True)
class Accusation:
    """Unit number `unit` reports a breach; `nearness` is the sum of cosines by which it was laid at a requirement."""

    unit: int
    nearness: float
    strength: float = REPORTED


def outside_party(document: DocumentRead) -> bool:
    """Whether an authority, a court or another outside party speaks in this document."""
    facts = latest(document)
    kind = facts[FactName.KIND].value if FactName.KIND in facts else ""
    if kind in OWN_PAPER or not document.pages:
        return False
    title = facts[FactName.TITLE].value if FactName.TITLE in facts else ""
    issuer = facts[FactName.ISSUER].value if FactName.ISSUER in facts else ""
    first = document.pages[0].text.lstrip()
    letterhead = first.split("\n", 1)[0]
    if PROCEEDINGS.search(title) and not CONDITIONAL.search(title):
        return True
    if AUTHORITY.match(letterhead) or AUTHORITY.match(title):
        return True
    # A company's answer names the authority too, but does not call it "this Agency".
    named = AUTHORITY.search(" ".join((issuer, title, first[:OPENING])))
    return bool(named) and any(SELF.search(page.text) for page in document.pages)


def accuses(text: str) -> bool:
    """Whether a text states a breach as a fact: neither denied, nor supposed, nor settled."""
    if sum(char.isalpha() for char in text) < LEAST_LETTERS and not PROCEEDINGS.search(text):
        return False
    if CONDITIONAL.search(text) or SETTLED.search(text) or recorded_negative(text):
        return False
    return bool(BREACH.search(text) or PROCEEDINGS.search(text))


def recorded_negative(text: str) -> bool:
    """Whether a text records that something bad did not happen, as good practice does."""
    return bool(HARM_DENIED.search(text))


def admits(text: str) -> bool:
    """Whether a text says in so many words that a thing was not done or does not exist."""
    return bool(ADMISSION.search(text)) and not CONDITIONAL.search(text) and not recorded_negative(text)


def stance(named: Mapping[str, float], *, text: str, document: DocumentRead) -> Stance:
    """The stance of a quote by its own feature row (`named`, columns by name), its words and its document."""
    against = named["against"]
    supports = max(named["sim_text"], named["sim_probe"])
    if against < ADMITTED_FLOOR or against < supports + ADMITTED_MARGIN:
        return Stance.SUPPORTS
    speaks = admits(text) or (accuses(text) and outside_party(document))
    return Stance.CONTRADICTS if speaks else Stance.SUPPORTS


def accusations(
    prepared: Prepared, queries: Sequence[RequirementQuery], sims: Similarities
) -> dict[int, tuple[Accusation, ...]]:
    """The breaches that outside parties report, by the number of the requirement they speak against, nearest first.

    Announced proceedings and fines speak against the nearest requirement whose `contradictions` name such; any other
    breach against the requirement that it is nearest to of all, if no other is nearly as near.
    """
    outside = [outside_party(document) for document in prepared.documents]
    punished = [
        index
        for index, query in enumerate(queries)
        if any(PROCEEDINGS.search(phrase) for phrase in query.requirement.contradictions)
    ]
    found: dict[int, list[Accusation]] = {}
    accusing = [i for i, unit in enumerate(prepared.units) if outside[unit.document] and accuses(unit.text)]
    for number, nearness in zip(accusing, sims.nearness(np.asarray(accusing, dtype=np.int64)).T, strict=True):
        unit = prepared.units[number]
        if PROCEEDINGS.search(unit.text):
            if punished:
                index = max(punished, key=lambda one: float(nearness[one]))
                found.setdefault(index, []).append(Accusation(number, float(nearness[index])))
            continue
        order = np.argsort(-nearness, kind="stable")
        lead = float(nearness[order[0]] - nearness[order[1]]) if len(order) > 1 else 1.0
        if nearness[order[0]] >= NEAREST_FLOOR and lead >= NEAREST_LEAD:
            found.setdefault(int(order[0]), []).append(Accusation(number, float(nearness[order[0]])))
    return {index: tuple(sorted(units, key=lambda one: -one.nearness)) for index, units in found.items()}
