"""Words that stand on no page: the file's name, and what the file says of itself (title, author, subject)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from ..models import Suspicion
from .instruction import LONGEST_QUOTE, Kind, find_instructions
from .invisible import hidden_in, visible

JOINS = re.compile(r"(?:%20|[-_.+~\s])+")
"""What stands for a blank in the name of a file."""
HUMPS = re.compile(r"(?<=[^\W\d_A-Z])(?=[A-Z])|(?<=[^\W\d_])(?=\d)|(?<=\d)(?=[^\W\d_])")
"""Where a word ends in "IgnoreAllInstructions2"."""


def find_in_fields(name: str, metadata: Mapping[str, str]) -> list[Suspicion]:
    """One suspicion for the name and one for each field that speaks to a machine; the whole of it is the quote."""
    found = [_suspicion("The file's name", name, _views(name))]
    for key, value in metadata.items():
        found.append(_suspicion(f"The file's {key} field", value, iter((visible(value),))))
    return [suspicion for suspicion in found if suspicion is not None]


def trusted(metadata: Mapping[str, str]) -> dict[str, str]:
    """The fields from which facts may come: those that do not speak to a machine, without invisible characters."""
    return {key: visible(value) for key, value in metadata.items() if not find_in_fields("", {key: value})}


def _suspicion(where: str, text: str, views: Iterator[str]) -> Suspicion | None:
    hidden = hidden_in(text)
    kind: Kind = "hidden text"
    what = "holds characters nobody sees"
    if hidden is None:
        order = next((order for view in views for order in find_instructions(view)), None)
        if order is None:
            return None
        kind, what = order.kind, order.what
    elif hidden:
        what = f"spells words in characters nobody sees ({hidden[:LONGEST_QUOTE]})"
    message = f"{where} {what}; nothing follows from it, and it is not used."
    return Suspicion(kind=kind, message=message, quote=visible(text)[:LONGEST_QUOTE])


def _views(name: str) -> Iterator[str]:
    """A file's name as it is, with blanks between its words, and with blanks inside joined words."""
    shown = visible(name)
    yield shown
    if shown:
        yield JOINS.sub(" ", shown).strip()
        yield HUMPS.sub(" ", JOINS.sub(" ", shown)).strip()
