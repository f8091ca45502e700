"""The words of `words.yaml`, compiled: cues of topics, intents, kinds of site, and words that point back."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files

import yaml

from assistant.chat.models import Topic
from assistant.models import Frozen, SiteKind


class Cue(Frozen):
    """Words that speak for a topic, and how much."""

    weight: float
    pattern: tuple[str, ...]

    def stands_in(self, text: str) -> bool:
        """Whether any of its words is there."""
        return matches(self.pattern, text)


class Asked(Frozen):
    """A kind of thing asked for: how it is asked, and what a sentence that has it looks like."""

    asked: tuple[str, ...]
    there: tuple[str, ...]


class Vocabulary(Frozen):
    """All of `words.yaml`."""

    typical: dict[Topic, tuple[str, ...]]
    cues: dict[Topic, tuple[Cue, ...]]
    more: tuple[str, ...]
    begins: tuple[str, ...]
    follows: tuple[str, ...]
    plural: tuple[str, ...]
    where: tuple[str, ...]
    intents: dict[str, tuple[str, ...]]
    kinds: dict[SiteKind, tuple[str, ...]]
    aspects: dict[str, tuple[str, ...]]
    facts: dict[str, tuple[str, ...]]
    frame: str
    frame_guidance: str
    asks: dict[str, Asked]


@cache
def vocabulary() -> Vocabulary:
    """The vocabulary, read once a process."""
    text = files("assistant.chat").joinpath("words.yaml").read_text(encoding="utf-8")
    return Vocabulary.model_validate(yaml.safe_load(text))


@cache
def frame_words() -> frozenset[str]:
    """Words that frame a question rather than name what is asked for."""
    return frozenset(vocabulary().frame.split())


def matches(patterns: Sequence[str], text: str) -> bool:
    """Whether any of the patterns stands in the text, in any case."""
    return any(re.search(pattern, text, re.IGNORECASE) for pattern in patterns)


def first_match(patterns: Mapping[str, Sequence[str]], text: str) -> str:
    """The first name of which a pattern stands in the text, else an empty one."""
    return next((name for name, own in patterns.items() if matches(own, text)), "")
