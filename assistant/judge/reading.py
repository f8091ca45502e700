"""What the cross-encoder reads: a requirement in one sentence, and a unit with its place and the words it hangs on."""

from __future__ import annotations

import re

from assistant.judge.validity import stated_title
from assistant.models import Requirement
from assistant.retrieve.prepared import Prepared

SHORT_STATEMENT = 8
"""Words; a shorter statement is a label ("Governing Law") and is read with the beginning of its definition."""
DEFINITION_WORDS = 24
SHORT_UNIT = 12
"""Words; a shorter unit is read with the end of what stands before it."""
CONTEXT_WORDS = 18
PLACE_LENGTH = 64
"""Characters of a title and of a heading that are read."""
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


def placed(title: str, heading: str, text: str) -> str:
    """`text` after the document's title and the heading above it: "Complaints may be made by telephone" is evidence for
    a workers' channel or for a community's, and only its place says for which.

    Each is cut to `PLACE_LENGTH` characters; what only repeats the other or opens the text is left out.
    """
    parts: list[str] = []
    for part in (_short(title), _short(heading)):
        same = part.casefold()
        if part and not text.casefold().startswith(same) and same not in (other.casefold() for other in parts):
            parts.append(part)
    return f"{', '.join(parts)}: {text}" if parts else text


def as_read(prepared: Prepared, number: int) -> str:
    """Unit `number` as the cross-encoder reads it: its place, then its words in context."""
    unit = prepared.units[number]
    title = stated_title(prepared.documents[unit.document])
    headings = prepared.passages[unit.passage].heading
    return placed(title, headings[-1] if headings else "", in_context(prepared, number))


def _short(text: str) -> str:
    """The first words of a title, without the marks that end it."""
    text = " ".join(text.split())
    if len(text) > PLACE_LENGTH:
        text = text[:PLACE_LENGTH].rsplit(" ", 1)[0]
    return text.rstrip(" .:;,")
