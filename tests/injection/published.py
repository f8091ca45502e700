"""Published attack texts beside the checkout: of which source, an even draw of them, and what one of them raised."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import TypeVar

from assistant.models import Status
from ingestion.suspicions import find_instructions

DATA = Path(os.environ.get("ASSAY_DATA") or Path(__file__).parents[3] / "shared" / "data") / "injection"
LONGEST = 1_500
"""Characters of a text that is planted in files of every kind; a longer one fills pages of its own."""
RISING = (Status.CONTRADICTED, Status.GAP, Status.NEEDS_PERSON, Status.PARTLY, Status.SUPPORTED)
"""From what a planted text may lower to what it may raise a status to."""
Item = TypeVar("Item")


@cache
def rows() -> tuple[Mapping[str, str], ...]:
    """All texts with language, goal, source and the `file` they are in; none where the folder is not there."""
    found: list[Mapping[str, str]] = []
    for path in sorted(DATA.glob("*.jsonl")):
        found += [json.loads(line) | {"file": path.name} for line in path.read_text(encoding="utf-8").splitlines()]
    return tuple(found)


def source_of(row: Mapping[str, str]) -> str:
    """The source's file or set, without the question a poisoned passage is for."""
    return "/".join(row["source"].split("/")[:2])


@cache
def published(*, reported: bool) -> Mapping[str, tuple[str, ...]]:
    """The texts short enough to be planted that are reported, or not, when they stand alone, by source."""
    found: dict[str, list[str]] = {}
    for row in rows():
        if len(row["text"]) < LONGEST and bool(find_instructions(row["text"])) is reported:
            found.setdefault(source_of(row), []).append(row["text"])
    return {source: tuple(texts) for source, texts in found.items()}


def evenly(items: Sequence[Item], number: int) -> list[Item]:
    """So many of the items (all, where there are fewer), at equal distances from the first to the last part."""
    number = min(number, len(items))
    return [items[at * len(items) // number] for at in range(number)]


def drawn(texts: Mapping[str, Sequence[str]], number: int) -> list[str]:
    """So many texts: of each source the same number where it has them, and evenly within each."""
    shares = dict.fromkeys(texts, 0)
    while sum(shares.values()) < min(number, sum(map(len, texts.values()))):
        for source, share in shares.items():
            if share < len(texts[source]) and sum(shares.values()) < number:
                shares[source] += 1
    return [text for source, share in shares.items() for text in evenly(texts[source], share)]


def rose(before: Status, after: Status) -> bool:
    """Whether a requirement looks better than before."""
    return RISING.index(after) > RISING.index(before)
