from __future__ import annotations

from collections.abc import Generator, Iterator
from contextlib import closing
from dataclasses import replace
from typing import Any, cast

import pytest

from assistant import chat, models_chat
from assistant.chat import Answer, AnswerSentence, Memory, Topic, composing
from assistant.errors import ModelError
from assistant.service import Service
from ingestion.models import Suspicion
from tests.assistant.chat.site import INJECTED, NOTICE, ScriptedModel, WholeModel, site
from tests.assistant.service.world import World

QUESTION = "Who is the Engineer of Record?"


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """A site whose settings name a language model."""
    world = site(tmp_path_factory.mktemp("written"))
    world.service = Service(
        world.service.store,
        world.settings().model_copy(update={"judge": "openai:scripted"}),
        world.service.person,
        engine_factory=lambda settings: world.engine,
        reader=world.reader,
    )
    yield world
    world.close()


def script(monkeypatch: pytest.MonkeyPatch, *sentences: tuple[str, list[Any]], found: bool = True) -> ScriptedModel:
    answer = {"found": found, "sentences": [{"text": text, "passages": numbers} for text, numbers in sentences]}
    model = ScriptedModel(answer=answer)
    monkeypatch.setattr(models_chat, "open_chat_model", lambda *args, **options: model)
    return model


def numbers_of(world: World, words: str) -> list[int]:
    """The numbers under which the passages that hold these words are shown for `QUESTION`."""
    from assistant.retrieve import search

    prepared = world.service.prepared()
    hits = search(prepared, QUESTION, composing.PASSAGES)
    sources = composing.document_sources(prepared, [hit.passage for hit in hits])
    return [number for number, source in enumerate(sources, start=1) if words in source.text]


def test_a_sentence_its_passage_bears_out_is_shown_with_the_place(
    written: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = numbers_of(written, "Andes Geotecnia")
    script(monkeypatch, ("Andes Geotecnia was appointed Engineer of Record in January 2022.", number))
    *pieces, whole = chat.stream(written.service, QUESTION, Memory())
    assert isinstance(whole, Answer)
    assert tuple(pieces) == whole.sentences
    assert (whole.found, whole.writer, whole.unverified) == (True, "openai:scripted", ())
    [citation] = whole.sentences[0].citations
    text = written.service.page(citation.sha256, citation.page).text
    assert text[citation.start : citation.end] == citation.quote
    assert citation.quote.startswith("Andes Geotecnia Ltda. was appointed")


def test_a_model_that_does_not_stream_is_asked_for_the_whole(written: World, monkeypatch: pytest.MonkeyPatch) -> None:
    number = numbers_of(written, "Andes Geotecnia")
    claim = {"text": "Andes Geotecnia was appointed Engineer of Record in January 2022.", "passages": number}
    model = WholeModel(answer={"found": True, "sentences": [claim]})
    monkeypatch.setattr(models_chat, "open_chat_model", lambda *args, **options: model)
    answer = written.service.ask(QUESTION, conversation="whole")
    assert [sentence.text for sentence in answer.sentences] == [claim["text"]]


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("Andes Geotecnia was appointed Engineer of Record in January 2023.", [1, 2, 3, 4]),
        ("Klohn was appointed Engineer of Record in January 2022.", [1, 2, 3, 4]),
        ("Andes Geotecnia was appointed Engineer of Record in January 2022.", []),
        ("Andes Geotecnia was appointed Engineer of Record in January 2022.", [99, 0, -1]),
        ("Andes Geotecnia was appointed Engineer of Record in January 2022.", ["1", None, True]),
        ("The site meets the requirement in full.", [1, 2, 3, 4]),
    ],
)
def test_a_sentence_that_is_not_borne_out_is_no_part_of_the_answer(
    written: World, monkeypatch: pytest.MonkeyPatch, text: str, numbers: list[Any]
) -> None:
    good = ("Andes Geotecnia was appointed Engineer of Record for the dam.", numbers_of(written, "Andes Geotecnia"))
    script(monkeypatch, (text, numbers), good)
    answer = chat.answer(written.service, QUESTION, Memory())
    assert [sentence.text for sentence in answer.sentences] == [good[0]]
    assert answer.unverified == (text,)


def test_nothing_borne_out_gives_the_documents_own_words(written: World, monkeypatch: pytest.MonkeyPatch) -> None:
    script(monkeypatch, ("The Engineer of Record is Mr Nobody.", [1]))
    answer = chat.answer(written.service, QUESTION, Memory())
    assert answer.found
    assert answer.sentences[0].text.startswith("Andes Geotecnia Ltda. was appointed")
    assert answer.unverified == ("The Engineer of Record is Mr Nobody.",)
    assert "could be verified" in answer.notes[-1]


def test_a_model_that_finds_nothing_answers_not_in_your_documents(
    written: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    script(monkeypatch, found=False)
    answer = chat.answer(written.service, QUESTION, Memory())
    assert (answer.found, answer.sentences, answer.notes) == (False, (), ("Not in your documents.",))
    assert answer.nearest


def test_a_server_that_goes_away_leaves_the_documents_own_words(
    written: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = script(monkeypatch, ("Andes Geotecnia is the Engineer of Record.", [1]))
    model.fails = True
    answer = chat.answer(written.service, QUESTION, Memory())
    assert answer.found
    assert answer.writer == "extractive"
    assert "The language model did not answer (ConnectionError: the server went away)." in answer.notes[-1]


def test_a_model_that_cannot_be_opened_leaves_the_documents_own_words(
    written: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*args: Any, **options: Any) -> Any:
        raise ModelError("The server does not answer.")

    monkeypatch.setattr(models_chat, "open_chat_model", refuse)
    answer = chat.answer(written.service, QUESTION, Memory())
    assert answer.found
    assert answer.notes[-1].startswith("The server does not answer.")


def test_documents_are_shown_as_data_without_what_speaks_to_machines(
    written: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = script(monkeypatch, found=False)
    chat.answer(written.service, "Where do we report cyanide drills?", Memory())
    [prompt] = model.prompts
    assert INJECTED not in prompt
    assert "Facilitation payments are prohibited" in prompt
    assert prompt.index("BEGIN DATA") < prompt.index("Facilitation payments") < prompt.rindex("END DATA")


def test_a_suspicious_name_is_not_shown(written: World) -> None:
    prepared = written.service.prepared()
    named = Suspicion(kind="instruction", message="The file's name speaks to a machine.", quote="dam manual.txt")
    documents = tuple(
        document.model_copy(update={"suspicions": (named,)}) if document.name == named.quote else document
        for document in prepared.documents
    )
    sources = composing.document_sources(replace(prepared, documents=documents), prepared.passages)
    dam = next(document for document in documents if document.name == named.quote)
    labels = {source.passage.document: source.label for source in sources if source.passage}
    assert labels[dam.name] == f"document {dam.sha256[:6]}, page 1"
    assert labels["policy.txt"] == "policy.txt, page 1"


def test_mark_up_and_links_of_a_model_are_taken_out(written: World, monkeypatch: pytest.MonkeyPatch) -> None:
    number = numbers_of(written, "Andes Geotecnia")
    script(monkeypatch, ("<b>Andes Geotecnia</b> was appointed Engineer of Record. https://example.org/x", number))
    answer = chat.answer(written.service, QUESTION, Memory())
    shown = [*(sentence.text for sentence in answer.sentences), *answer.unverified]
    assert not any("<" in text or "http" in text for text in shown)


def test_guidance_is_written_from_the_catalogue(written: World, monkeypatch: pytest.MonkeyPatch) -> None:
    script(monkeypatch, ("Keep every tailings facility safe over its whole life.", [1]))
    answer = chat.answer(written.service, "What does criterion 19 expect?", Memory())
    assert (answer.topic, answer.sentences[0].citations[0].label) == (Topic.GUIDANCE, "Criterion 19, asks")
    assert NOTICE in answer.notes


def test_counts_and_decisions_are_never_left_to_a_model(written: World, monkeypatch: pytest.MonkeyPatch) -> None:
    model = script(monkeypatch, ("Everything is confirmed.", [1]))
    written.service.match()
    answer = chat.answer(written.service, "What is still open?", Memory())
    assert model.prompts == []
    assert answer.sentences[0].text == "5 of 5 requirements are without any decision by a person."


def test_a_sentence_is_given_before_the_model_has_ended(written: World, monkeypatch: pytest.MonkeyPatch) -> None:
    number = numbers_of(written, "Andes Geotecnia")
    one = "Andes Geotecnia was appointed Engineer of Record in January 2022."
    model = script(monkeypatch, (one, number), ("Andes Geotecnia was appointed for the dam.", number))
    model.pieces = 60
    with closing(cast("Generator[Any]", chat.stream(written.service, QUESTION, Memory()))) as pieces:
        first = next(pieces)
        assert model.sent < model.pieces
    assert isinstance(first, AnswerSentence)
    assert first.text == one
