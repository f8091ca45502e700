from __future__ import annotations

import pytest

from assistant.catalogue import load
from assistant.chat.models import Memory, Topic
from assistant.chat.understanding import Question, understand
from assistant.index import open_embedder
from assistant.models import SiteKind

RRA = load("rra-v2")
USE = open_embedder("use-multilingual")


def ask(text: str, memory: Memory | None = None) -> Question:
    return understand(text, RRA, memory or Memory(), USE)


@pytest.mark.parametrize(
    ("text", "topic", "intent"),
    [
        ("What does criterion 31 expect from a smelter?", Topic.GUIDANCE, ""),
        ("What counts as evidence for 19.c?", Topic.GUIDANCE, ""),
        ("¿Qué exige el criterio 12?", Topic.GUIDANCE, ""),
        ("Which criterion covers child labour?", Topic.GUIDANCE, ""),
        ("Where do we speak of tailings emergency drills?", Topic.DOCUMENTS, ""),
        ("Who is the Engineer of Record?", Topic.DOCUMENTS, ""),
        ("¿Cuántos socios tiene el sindicato?", Topic.DOCUMENTS, ""),
        ("What happened at the slag launder?", Topic.DOCUMENTS, ""),
        ("What is still open?", Topic.REVIEW, "open"),
        ("What did the assessor reject?", Topic.REVIEW, "rejected"),
        ("Which criteria are gaps?", Topic.REVIEW, "gap"),
        ("How many confirmed in criterion 12?", Topic.REVIEW, "confirmed"),
        ("Which documents could not be read?", Topic.REVIEW, "unread"),
        ("Why is 19.c not supported?", Topic.REVIEW, "why"),
        ("How was criterion 12 rated?", Topic.REVIEW, "ratings"),
        ("¿Qué queda pendiente?", Topic.REVIEW, "open"),
        ("¿Qué rechazó el evaluador en el criterio 19?", Topic.REVIEW, "rejected"),
        ("What is missing in criterion 5?", Topic.REVIEW, "missing"),
    ],
)
def test_a_question_has_a_topic(text: str, topic: Topic, intent: str) -> None:
    asked = ask(text)
    assert (asked.topic, asked.intent) == (topic, intent)


GUIDANCE = Memory(
    topic=Topic.GUIDANCE, question="What does criterion 31 expect from a smelter?", criterion_id="31", shown=8
)
COUNT = Memory(
    topic=Topic.REVIEW, question="How many confirmed in criterion 12?", intent="confirmed", criterion_id="12"
)


def test_the_same_is_asked_of_another_kind_of_site() -> None:
    asked = ask("and for a refinery?", GUIDANCE)
    assert (asked.topic, asked.names.criteria, asked.names.kinds) == (Topic.GUIDANCE, ("31",), (SiteKind.REFINERY,))


def test_the_same_is_asked_of_another_criterion() -> None:
    asked = ask("and in criterion 13?", COUNT)
    assert (asked.topic, asked.intent, asked.names.criteria) == (Topic.REVIEW, "confirmed", ("13",))


@pytest.mark.parametrize("text", ["What is missing there?", "¿Qué falta ahí?"])
def test_there_is_what_was_spoken_of(text: str) -> None:
    asked = ask(text, GUIDANCE)
    assert (asked.topic, asked.intent, asked.names.criteria) == (Topic.REVIEW, "missing", ("31",))


@pytest.mark.parametrize("text", ["Show me more", "more", "¡Muéstrame más!", "the rest"])
def test_more_goes_on_where_the_answer_stopped(text: str) -> None:
    asked = ask(text, GUIDANCE)
    assert (asked.topic, asked.text, asked.skip, asked.names.criteria) == (
        Topic.GUIDANCE,
        "What does criterion 31 expect from a smelter?",
        8,
        ("31",),
    )


def test_a_question_that_stands_alone_takes_nothing_from_the_one_before() -> None:
    asked = ask("Who is the Engineer of Record?", GUIDANCE)
    assert (asked.topic, asked.names.criteria, asked.follows) == (Topic.DOCUMENTS, (), False)


def test_more_without_anything_before_is_a_question_of_its_own() -> None:
    assert ask("more water meters").skip == 0
