"""What the cross-encoder reads: a requirement in one sentence, and a unit with the words it hangs on."""

from __future__ import annotations

import re

from assistant.models import Requirement
from assistant.retrieve.prepared import Prepared

SHORT_STATEMENT = 8
"""Words; a shorter statement is a label ("Governing Law") and is read with the beginning of its definition."""
DEFINITION_WORDS = 24
SHORT_UNIT = 12
"""Words; a shorter unit is read with the end of what stands before it."""
CONTEXT_WORDS = 18
_LEAD_IN_REACH = 12
_ITEM = re.compile(r"^\s*(?:[-\u2022\u25cf\u25aa\u2013\u2014*]|\(?[a-z0-9ivx]{1,4}[).])\s|^[a-z]")


def spoken(title: str, requirement: Requirement) -> str:
    """The requirement as one text: its statement, with title and definition where the statement is only a label."""
    words = requirement.text.split()
    if len(words) >= SHORT_STATEMENT:
        return requirement.text
    definition = " ".join(requirement.definition.split()[:DEFINITION_WORDS])
    parts = [part for part in (title if title != requirement.text else "", requirement.text, definition) if part]
    return ". ".join(part.rstrip(" .") for part in parts)


def in_context(prepared: Prepared, number: int) -> str:
    """Unit `number` with the sentence that opens its list, or, when it is short, the end of what stands before it."""
    unit = prepared.units[number]
    before = ""
    if _ITEM.search(unit.text):
        for other in range(number - 1, max(-1, number - 1 - _LEAD_IN_REACH), -1):
            candidate = prepared.units[other]
            if candidate.document != unit.document:
                break
            if candidate.text.rstrip().endswith((":", "：")):
                before = candidate.text
                break
    if not before and number and len(unit.text.split()) < SHORT_UNIT:
        previous = prepared.units[number - 1]
        if previous.passage == unit.passage:
            before = previous.text
    if not before:
        return unit.text
    return " ".join(before.split()[-CONTEXT_WORDS:]) + " " + unit.text
