from __future__ import annotations

from pathlib import Path

import pytest

from assistant import chat, quotes
from assistant.chat import Answer, Memory, Topic
from assistant.chat.documents import NO_DOCUMENTS, NOT_FOUND
from assistant.models import letters_and_digits
from tests.assistant.chat.site import INJECTED
from tests.assistant.service.world import World


def ask(world: World, question: str, memory: Memory | None = None) -> Answer:
    return chat.answer(world.service, question, memory or Memory())


def stands(world: World, answer: Answer) -> bool:
    """Whether every citation opens at its place."""
    cited = [citation for sentence in answer.sentences for citation in sentence.citations] + list(answer.nearest)
    texts = [world.service.page(citation.sha256, citation.page).text for citation in cited]
    return all(
        text[citation.start : citation.end] == citation.quote and quotes.locate(citation.quote, text) is not None
        for citation, text in zip(cited, texts, strict=True)
    )


@pytest.mark.parametrize(
    ("question", "first", "label"),
    [
        (
            "Who is the Engineer of Record?",
            "Andes Geotecnia Ltda. was appointed Engineer of Record for the dam in January 2022.",
            "dam manual.txt, page 1",
        ),
        ("How high is the dam?", "The dam is 118 m high and is raised every second year.", "dam manual.txt, page 1"),
        (
            "¿Cuántos vecinos participaron en el simulacro de evacuación?",
            "El 14 de noviembre de 2025 se realizó el simulacro de evacuación con 186 vecinos de La Vega.",
            "simulacro.txt, page 1",
        ),
        (
            "Which gifts need approval?",
            "Gifts above USD 50 need the written approval of the line manager.",
            "policy.txt, page 1",
        ),
    ],
)
def test_the_answer_is_a_sentence_of_the_documents_at_its_place(
    asked: World, question: str, first: str, label: str
) -> None:
    answer = ask(asked, question)
    assert (answer.topic, answer.found, answer.sentences[0].text) == (Topic.DOCUMENTS, True, first)
    assert answer.sentences[0].citations[0].label == label
    assert 1 <= len(answer.sentences) <= 4
    assert stands(asked, answer)


def test_a_question_in_one_language_finds_the_words_of_another(asked: World) -> None:
    answer = ask(asked, "Where do we speak of evacuation drills?")
    assert answer.found
    assert "simulacro de evacuación" in answer.sentences[0].text


@pytest.mark.parametrize(
    "question",
    [
        "Where do we speak of our whaling policy?",
        "How many patents did we file in Norway?",
        "¿Quién es el presidente del club de fútbol?",
        "When was the uranium licence granted?",
    ],
)
def test_what_is_absent_is_said_to_be_absent(asked: World, question: str) -> None:
    answer = ask(asked, question)
    assert (answer.found, answer.sentences, answer.notes[0]) == (False, (), NOT_FOUND)
    assert answer.nearest
    assert stands(asked, answer)


def test_words_that_speak_to_a_machine_are_never_an_answer(asked: World) -> None:
    answer = ask(asked, "Where do we report cyanide drills every week?")
    shown = [sentence.text for sentence in answer.sentences] + [citation.quote for citation in answer.nearest]
    assert not any(letters_and_digits(INJECTED)[:30] in letters_and_digits(text) for text in shown)


def test_when_something_ends_is_told_in_the_documents_own_words(asked: World) -> None:
    answer = ask(asked, "When does the ISO 14001 certificate of our environmental management system expire?")
    assert answer.sentences[0].text == "Valid until: 14 September 2025"
    assert stands(asked, answer)


def test_more_goes_on_in_the_same_answer(asked: World) -> None:
    first = ask(asked, "Who is the Engineer of Record?")
    more = ask(asked, "show me more", first.memory)
    assert not {sentence.text for sentence in more.sentences} & {sentence.text for sentence in first.sentences}
    assert more.memory.shown >= first.memory.shown


def test_the_document_spoken_of_is_remembered(asked: World) -> None:
    first = ask(asked, "How high is the dam?")
    assert first.memory.sha256 == first.sentences[0].citations[0].sha256


def test_a_sentence_broken_over_lines_is_shown_whole(tmp_path: Path) -> None:
    from assistant.chat.documents import whole_sentence
    from tests.assistant.chat.site import site

    world = site(tmp_path)
    prepared = world.service.prepared()
    for index, unit in enumerate(prepared.units):
        first, last = whole_sentence(prepared, index)
        assert first <= index <= last
        assert prepared.units[first].passage == prepared.units[last].passage == unit.passage
    world.close()


def test_an_empty_workspace_says_so(tmp_path: Path) -> None:
    world = World(tmp_path)
    from tests.assistant.chat.site import SiteEngine

    world.engine = SiteEngine()
    service = world.open()
    answer = chat.answer(service, "Where do we speak of drills?", Memory())
    assert (answer.found, answer.notes) == (False, (NO_DOCUMENTS,))
    world.close()
