"""What people confirmed as evidence, as further queries: other documents may say the same in words no catalogue has.

This is relevance feedback (Rocchio 1971) by what a person said. A confirmed quote is not compared with its own
document: of itself it would only say what the person said, of another document it says that somebody found such words
to be evidence.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

MOST = 5
"""Confirmed quotes a requirement is searched by, the last ones; measured with so many (docs/method.md)."""
LONGEST = 400
"""Characters of a quote that are searched for: what the encoders read of a text."""


@dataclass(frozen=True, slots=True)
class Confirmed:
    """A quote that a person confirmed, its language, and the document (SHA-256) it is from."""

    sha256: str
    quote: str
    language: str = ""

    @property
    def text(self) -> str:
        """What is searched for: one line, no longer than `LONGEST`."""
        return " ".join(self.quote.split())[:LONGEST]


Learned = Mapping[str, Sequence[Confirmed]]
"""Confirmed quotes by the id of their requirement, in the order they were confirmed."""
NOTHING_LEARNED: Learned = MappingProxyType({})


def chosen(confirmed: Sequence[Confirmed]) -> tuple[Confirmed, ...]:
    """Those of a requirement's confirmed quotes it is searched by: the last `MOST`, no words twice."""
    return tuple({one.text: one for one in confirmed if one.text}.values())[-MOST:]
