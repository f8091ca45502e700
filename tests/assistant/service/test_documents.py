from __future__ import annotations

import pytest

from assistant.access import Person, Role
from assistant.errors import AccessError, DecisionError, NotFoundError
from assistant.service import AddResult
from ingestion.models import Fact, FactName, ReadStatus
from tests.assistant.service.world import DRILLS, WATER, World


def test_adding_gives_one_result_a_file_and_keeps_it(world_on: World) -> None:
    one, bad = world_on.file("a.txt", DRILLS, WATER), world_on.file("bad.txt", "x")
    results = list(world_on.service.add([one, bad]))
    assert [(r.name, r.status, r.reason, r.pages, r.passages, r.suspicions) for r in results] == [
        ("a.txt", ReadStatus.READ, "", 2, 2, 1),
        ("bad.txt", ReadStatus.UNREADABLE, "it is damaged", 0, 0, 0),
    ]
    assert results[0].warnings == ("white text",)
    found = world_on.open()
    assert [(d.name, d.status, d.added_by) for d in found.documents()] == [
        ("a.txt", ReadStatus.READ, "Ana Ruiz"),
        ("bad.txt", ReadStatus.UNREADABLE, "Ana Ruiz"),
    ]
    assert found.original(results[0].sha256).read_bytes() == one.read_bytes()
    assert found.page(results[0].sha256, 2).text == WATER
    assert found.document(results[0].sha256).pages[0].text == DRILLS


def test_a_file_is_in_the_record_before_its_result_is_seen(world: World) -> None:
    results = world.service.add([world.file("a.txt", DRILLS), world.file("b.txt", WATER)])
    next(results)
    assert [d.name for d in world.open().documents()] == ["a.txt"]
    results.close()  # type: ignore[attr-defined]


def test_what_was_read_is_not_read_again_under_any_name(world: World) -> None:
    first = world.add("a.txt", DRILLS)
    assert world.add("a.txt", DRILLS) == AddResult(
        name="a.txt", sha256=first.sha256, status=ReadStatus.SKIPPED, reason="already read",
        pages=1, passages=1, suspicions=1,
    )  # fmt: skip
    assert world.add("copy.txt", DRILLS).reason == "already read as a.txt"
    assert len(world.service.documents()) == 1


def test_a_newer_reader_reads_again(world: World) -> None:
    world.add("a.txt", DRILLS)
    world.reader.version = "2"
    assert world.add("a.txt", DRILLS).status is ReadStatus.SKIPPED
    assert world.service.store.documents.known(world.service.documents()[0].sha256, "2")


def test_a_file_that_changed_while_it_was_read_is_reported_and_not_kept(world: World) -> None:
    path = world.file("a.txt", DRILLS)
    read = world.reader.read

    def changing(paths, known):  # type: ignore[no-untyped-def]
        for place, document in read(paths, known):
            path.write_text("other")
            yield place, document

    world.reader.read = changing  # type: ignore[method-assign]
    [result] = world.service.add([path])
    assert (result.status, result.reason) == (
        ReadStatus.UNREADABLE,
        "a.txt was changed while it was being read; add it again.",
    )
    assert world.service.documents() == []


def test_the_list_shows_facts_and_who_corrected_them(world: World) -> None:
    sha256 = world.add("a.txt", DRILLS).sha256
    world.service.correct_fact(sha256, "valid_until", "2027-01-31", "cover page")
    world.service.correct_fact(sha256, FactName.TITLE, "Drill record", "heading")
    [view] = world.service.documents()
    assert (view.title, view.valid_until, view.language) == ("Drill record", "2027-01-31", "en")
    assert view.facts == (
        Fact(name=FactName.TITLE, value="Drill record", origin="person"),
        Fact(name=FactName.VALID_UNTIL, value="2027-01-31", origin="person"),
    )
    assert view.corrected == (FactName.VALID_UNTIL, FactName.TITLE)
    assert world.service.document(sha256).facts == view.facts
    assert [(c.name, c.value, c.person, c.reason) for c in world.service.corrections(sha256)] == [
        ("valid_until", "2027-01-31", "Ana Ruiz", "cover page"),
        ("title", "Drill record", "Ana Ruiz", "heading"),
    ]


@pytest.mark.parametrize(
    ("name", "value", "reason", "sentence"),
    [
        ("valid_until", "31.1.2027", "page 1", "'31.1.2027' is not a date for valid_until; write it as YYYY-MM-DD."),
        ("kind", "novel", "page 1", "'novel' is not a kind of documents; choose policy, procedure"),
        ("status", "final", "page 1", "choose draft, approved, superseded, uncontrolled copy"),
        ("title", "T", "  ", "A correction needs a reason"),
    ],
)
def test_a_correction_that_makes_no_sense_is_refused(
    world: World, name: str, value: str, reason: str, sentence: str
) -> None:
    sha256 = world.add("a.txt", DRILLS).sha256
    with pytest.raises(DecisionError) as caught:
        world.service.correct_fact(sha256, name, value, reason)
    assert sentence in str(caught.value)
    assert world.service.corrections() == []


def test_a_removed_document_is_out_and_its_page_stays(world: World) -> None:
    sha256 = world.add("a.txt", DRILLS).sha256
    with pytest.raises(DecisionError, match="needs a reason"):
        world.service.remove_document(sha256, " ")
    world.service.remove_document(sha256, "another site's")
    assert world.service.documents() == []
    assert [d.removed_reason for d in world.service.documents(removed=True)] == ["another site's"]
    assert world.service.page(sha256, 1).text == DRILLS
    assert world.add("a.txt", DRILLS).status is ReadStatus.READ
    assert len(world.service.documents()) == 1


def test_a_document_that_is_not_there(world: World) -> None:
    for ask in (world.service.document, world.service.original, lambda sha256: world.service.page(sha256, 1)):
        with pytest.raises(NotFoundError):
            ask("f" * 64)


def test_who_may_touch_documents(world: World) -> None:
    sha256 = world.add("a.txt", DRILLS).sha256
    reviewer = world.service.signed_in(Person(name="Li Wei", role=Role.REVIEWER))
    with pytest.raises(AccessError, match="Li Wei is signed in as reviewer and may not add documents"):
        reviewer.add([world.file("b.txt", WATER)])
    nobody = world.service.signed_in(None)
    list(nobody.add([world.file("b.txt", WATER)]))
    assert {d.name: d.added_by for d in nobody.documents()} == {"a.txt": "Ana Ruiz", "b.txt": ""}
    with pytest.raises(AccessError, match="Nobody is signed in: to correct document facts"):
        nobody.correct_fact(sha256, "title", "T", "r")
    with pytest.raises(AccessError, match="Nobody is signed in: to remove documents"):
        nobody.remove_document(sha256, "r")
