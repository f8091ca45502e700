from __future__ import annotations

from assistant import chat
from assistant.chat import Answer, Memory, Topic
from assistant.chat.answering import NO_QUESTION, remembered
from tests.assistant.service.world import World


def test_a_conversation_is_kept_and_remembers(asked: World) -> None:
    first = asked.service.ask("What does criterion 19 expect from a smelter?", "one")
    assert remembered(asked.service, "one") == first.memory
    second = asked.service.ask("and for a refinery?", "one")
    assert (second.topic, second.memory.criterion_id) == (Topic.GUIDANCE, "19")
    assert "Criterion 19 does not apply to a refinery." in [sentence.text for sentence in second.sentences]
    assert [message.role for message in asked.service.messages("one")] == ["person", "assistant"] * 2


def test_another_conversation_remembers_nothing_of_it(asked: World) -> None:
    asked.service.ask("What does criterion 19 expect from a smelter?", "two")
    assert remembered(asked.service, "three") == Memory()


def test_a_stored_answer_reads_back(asked: World) -> None:
    answer = asked.service.ask("Who is the Engineer of Record?", "four")
    assert Answer.model_validate(asked.service.messages("four")[-1].value) == answer
    assert answer.question == "Who is the Engineer of Record?"


def test_a_stream_gives_the_sentences_and_ends_with_the_whole_answer(asked: World) -> None:
    *pieces, whole = asked.service.ask_stream("How high is the dam?", "five")
    assert isinstance(whole, Answer)
    assert tuple(pieces) == whole.sentences


def test_no_question_is_said_to_be_none(asked: World) -> None:
    answer = chat.answer(asked.service, " ?! ", Memory())
    assert (answer.found, answer.notes) == (False, (NO_QUESTION,))


def test_memory_of_another_version_is_forgotten(asked: World) -> None:
    asked.service.store.conversations.add("old", "assistant", {"memory": {"unknown": 1}}, "")
    assert remembered(asked.service, "old") == Memory()
