"""Passages: size, pages, headings, running lines, offsets."""

from __future__ import annotations

from ingestion import Heading, Page, count_words, split_passages
from ingestion.passages import MOST_WORDS, TAIL_WORDS
from ingestion.running import running_lines

SENTENCE = "The operation measures dust and water every week and reports the figures to the neighbours. "


def test_two_cjk_characters_count_as_a_word():
    assert count_words("安全生产 two words") == 4


def test_passages_have_about_120_words_and_whole_sentences():
    text = (SENTENCE * 60).strip()
    passages = split_passages([Page(number=1, text=text)])
    assert len(passages) == 8
    for passage in passages:
        assert TAIL_WORDS < count_words(passage.text) <= MOST_WORDS
        assert passage.text == text[passage.start : passage.end]
        assert passage.sentences[0][0] == passage.start
        assert passage.sentences[-1][1] == passage.end
        assert passage.text.endswith("neighbours.")
        assert passage.language == "en"


def test_a_passage_never_crosses_a_page():
    pages = [Page(number=number, text=SENTENCE * 3) for number in (1, 2)]
    assert [passage.page for passage in split_passages(pages)] == [1, 2]


def test_a_short_tail_joins_the_passage_before():
    text = (SENTENCE * 8 + "A short end.").strip()
    assert len(split_passages([Page(number=1, text=text)])) == 1


def test_a_heading_starts_a_passage_and_names_what_follows():
    text = f"1 Environment\n\n{SENTENCE}\n\n1.1 Water\n\n{SENTENCE}\n\n2 People\n\n{SENTENCE}"
    passages = split_passages([Page(number=1, text=text)])
    assert [passage.heading for passage in passages] == [
        ("1 Environment",), ("1 Environment", "1.1 Water"), ("2 People",),
    ]  # fmt: skip
    assert [passage.text.split("\n")[0] for passage in passages] == ["1 Environment", "1.1 Water", "2 People"]


def test_the_heading_goes_on_over_the_page():
    pages = [Page(number=1, text=f"PERMITS AND LICENCES\n\n{SENTENCE}"), Page(number=2, text=SENTENCE)]
    assert split_passages(pages)[1].heading == ("PERMITS AND LICENCES",)


def test_headings_of_the_reader_count_more_than_cues():
    text = f"Water\n{SENTENCE}\nSOME CAPITALS\n{SENTENCE}"
    pages = [Page(number=1, text=text, headings=(Heading(start=0, end=5, level=2),))]
    assert {passage.heading for passage in split_passages(pages)} == {("Water",)}


def test_running_lines_stay_in_the_page_and_leave_the_passages():
    pages = [
        Page(number=number, text=f"Mine X Environmental Policy\n\n{SENTENCE}Item {number}.\n\nPage {number} of 5")
        for number in range(1, 6)
    ]
    assert len(running_lines(pages)) == 5
    passages = split_passages(pages)
    assert not any("Policy" in passage.text or "of 5" in passage.text for passage in passages)
    assert all("dust" in passage.text for passage in passages)


def test_short_pages_are_not_emptied_of_repeated_lines():
    pages = [Page(number=number, text="Same line") for number in range(1, 6)]
    assert len(split_passages(pages)) == 5


def test_every_word_of_a_page_is_in_one_passage():
    text = "\n".join(["TITLE", "", SENTENCE * 4, "", "- one;", "- two;", "", "Last words"])
    passages = split_passages([Page(number=1, text=text)])
    position = 0
    for passage in passages:
        assert not text[position : passage.start].strip()
        position = passage.end
    assert not text[position:].strip()
