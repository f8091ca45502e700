"""From a question and what was said before to a topic, an intent and the things it names.

Cues decide (words that only one topic uses); likeness to typical questions, in any of the sixteen languages of the
sentence embeddings, decides the rest.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from assistant.chat.models import Memory, Topic
from assistant.chat.references import References, references
from assistant.chat.vocabulary import first_match, matches, vocabulary
from assistant.index.embedders import Embedder, Vectors
from assistant.models import Framework, Frozen

_LIKENESS = 2.0
_OWN_TOPIC = 1.0
"""Cues that together weigh less do not turn an "and …?" away from what was spoken of."""
_FOLLOW_WORDS = 9
"""A longer question stands alone even when "it" or "that" occurs in it."""


class Question(Frozen):
    """A question understood: what it is about and what it names, with what the conversation supplies."""

    text: str
    topic: Topic
    intent: str = ""
    names: References = References()
    skip: int = 0
    """How many sentences of the same answer were shown already."""
    follows: bool = False
    second: Topic | None = None
    """The topic to try when the first has no answer: set when the question itself says little about its topic."""


def understand(
    text: str, framework: Framework, memory: Memory, embedder: Embedder, documents: Iterable[tuple[str, str]] = ()
) -> Question:
    """What `text` asks in the light of `memory`; `documents` are (sha256, name) pairs that may be named."""
    words = vocabulary()
    if memory.topic is not None and memory.question and matches(words.more, text):
        return Question(
            text=memory.question,
            topic=memory.topic,
            intent=memory.intent,
            names=_remembered(memory, References()),
            skip=memory.shown,
            follows=True,
        )
    names = references(text, framework, documents)
    scores = topic_scores(text, names, embedder)
    follows = memory.topic is not None and len(text.split()) <= _FOLLOW_WORDS and matches(words.follows, text)
    if follows and memory.topic is not None:
        continues = matches(words.begins, text) and max(cue_scores(text).values()) < _OWN_TOPIC
        if continues:
            scores[memory.topic] += _LIKENESS
        names = _remembered(memory, names)
    said = cue_scores(text)
    if not (said[Topic.REVIEW] or intent_of(text) or follows):
        # Likeness alone never makes a question one on the review: counts and decisions answer nothing else.
        scores.pop(Topic.REVIEW)
    topic = max(scores, key=lambda key: scores[key])
    intent = intent_of(text) if topic is Topic.REVIEW else ""
    if follows and topic is memory.topic and not intent:
        intent = memory.intent
    if follows and topic is memory.topic and topic is not Topic.REVIEW and matches(words.begins, text):
        text = f"{memory.question} {text}"
    second = Topic.DOCUMENTS if topic is Topic.GUIDANCE else Topic.GUIDANCE
    close = said[topic] < _OWN_TOPIC and not (names.criteria or names.requirement_id)
    return Question(
        text=text, topic=topic, intent=intent, names=names, follows=follows, second=second if close else None
    )


def topic_scores(text: str, names: References, embedder: Embedder) -> dict[Topic, float]:
    """How much speaks for each topic: cues found, things named, and likeness to typical questions."""
    scores = cue_scores(text)
    if names.criteria or names.requirement_id:
        scores[Topic.GUIDANCE] += 0.5
        scores[Topic.REVIEW] += 0.3
    if names.sha256:
        scores[Topic.DOCUMENTS] += 1.5
    vector = embedder.embed([text])[0]
    for topic, typical in _typical(embedder).items():
        scores[topic] += _LIKENESS * float(np.max(typical @ vector))
    return scores


def cue_scores(text: str) -> dict[Topic, float]:
    """The weight of the cues of each topic that stand in a question."""
    cues = vocabulary().cues
    return {topic: sum(cue.weight for cue in cues[topic] if cue.stands_in(text)) for topic in Topic}


def intent_of(text: str) -> str:
    """What a question on the state of the review wants to see: the first intent whose words it has."""
    return first_match(vocabulary().intents, text)


_TYPICAL: dict[str, dict[Topic, Vectors]] = {}


def _typical(embedder: Embedder) -> dict[Topic, Vectors]:
    if embedder.name not in _TYPICAL:
        questions = vocabulary().typical
        _TYPICAL[embedder.name] = {topic: embedder.embed(own) for topic, own in questions.items()}
    return _TYPICAL[embedder.name]


def _remembered(memory: Memory, names: References) -> References:
    """What the question names, completed by what was spoken of before."""
    if names.criteria or names.requirement_id:
        return names.model_copy(update={"sha256": names.sha256 or memory.sha256})
    return names.model_copy(
        update={
            "criteria": (memory.criterion_id,) if memory.criterion_id else (),
            "requirement_id": memory.requirement_id,
            "sha256": names.sha256 or memory.sha256,
        }
    )
