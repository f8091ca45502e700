from __future__ import annotations

import pytest

from assistant.errors import NotFoundError
from assistant.store import EventKind, Store
from ingestion.models import Fact, FactName, Page, ReadStatus
from tests.assistant.service.scripted import read

ODD = "NUL \x00, DLE \x10, \x100000, \ufffe, é, 中文, 𝔘, 'quoted' \"twice\" \\ %s :name\n\ttab"


def save(store: Store, *documents: object, version: str = "1") -> None:
    for document in documents:
        store.documents.save(document, ingestion_version=version, person="Ana Ruiz")  # type: ignore[arg-type]


def test_the_corpus_gives_back_equal_readings_ordered_by_name(store: Store) -> None:
    one, two = read("b.pdf", "First page.", ODD), read("a.pdf", "Other.")
    save(store, one, two)
    assert store.corpus().documents == (two, one)
    assert store.documents.load(one.sha256) == one


def test_a_passage_whose_text_is_not_the_page_s_is_kept_as_it_is(store: Store) -> None:
    whole = read("a.pdf", "soft hy-\nphen")
    odd = whole.model_copy(update={"passages": (whole.passages[0].model_copy(update={"text": "soft hyphen"}),)})
    save(store, odd)
    assert store.documents.load(odd.sha256) == odd


def test_an_unreadable_file_is_a_document_too(store: Store) -> None:
    bad = read("bad.pdf", "x").model_copy(
        update={"status": ReadStatus.UNREADABLE, "reason": "needs a password", "pages": (), "passages": ()}
    )
    save(store, bad)
    assert store.corpus().documents == (bad,)
    assert not store.documents.known(bad.sha256, "1")


def test_known_is_what_this_version_of_the_reader_has_read(store: Store) -> None:
    document = read("a.pdf", "Text.")
    assert not store.documents.known(document.sha256, "1")
    save(store, document)
    assert store.documents.known(document.sha256, "1")
    assert not store.documents.known(document.sha256, "2")
    store.documents.remove(document.sha256, "wrong file", "Ana Ruiz")
    assert not store.documents.known(document.sha256, "1")


def test_the_same_reading_is_kept_once(store: Store) -> None:
    document = read("a.pdf", "Text.")
    save(store, document)
    slower = document.model_copy(update={"seconds": 9.0})
    assert store.documents.save(slower, ingestion_version="2") is False
    assert len(store.documents.listing()) == 1
    assert store.documents.known(document.sha256, "2")
    assert len(store.events(EventKind.ADDED)) == 1


def test_a_newer_reading_replaces_the_current_one_and_keeps_the_old(store: Store) -> None:
    old = read("a.pdf", "Old text.", content=b"same")
    new = read("a.pdf", "New text.", "And a page.", content=b"same")
    save(store, old)
    before = store.documents.stored(old.sha256).id
    save(store, new, version="2")
    assert store.corpus().documents == (new,)
    assert store.documents.reading(before) == old
    assert [event.kind for event in store.events()][1:] == [EventKind.ADDED, EventKind.REREAD]


def test_a_removed_document_leaves_the_corpus_and_stays_readable(store: Store) -> None:
    document = read("a.pdf", "Text.")
    save(store, document)
    store.documents.remove(document.sha256, "another site's", "Ana Ruiz")
    assert store.corpus().documents == ()
    assert store.documents.listing() == []
    [removed] = store.documents.listing(removed=True)
    assert (removed.name, removed.removed_reason) == ("a.pdf", "another site's")
    assert store.documents.load(document.sha256) == document
    assert store.documents.page(document.sha256, 1).text == "Text."
    with pytest.raises(NotFoundError, match="no document"):
        store.documents.remove(document.sha256, "again", "Ana Ruiz")
    save(store, document)
    assert store.corpus().documents == (document,)


def test_a_correction_replaces_the_facts_of_its_name_and_the_last_one_counts(store: Store) -> None:
    document = read("a.pdf", "Text.")
    title = document.facts[0]
    scope = Fact(name=FactName.SCOPE, value="Group", origin="derived", confidence=0.5)
    document = document.model_copy(update={"facts": (title, scope)})
    save(store, document)
    before = store.corpus()
    store.documents.correct(document.sha256, FactName.SCOPE, "Norte", "cover page", "Ana Ruiz")
    store.documents.correct(document.sha256, FactName.SCOPE, "Cerro Ejemplo", "page 2", "Li Wei")
    made = Fact(name=FactName.SCOPE, value="Cerro Ejemplo", origin="person")
    assert store.corpus().documents[0].facts == (title, made)
    assert store.corpus().digest != before.digest
    [listed] = store.documents.listing()
    assert (listed.facts, listed.corrected) == ((title, made), (FactName.SCOPE,))
    assert [c.person for c in store.documents.corrections()] == ["Ana Ruiz", "Li Wei"]
    assert store.documents.reading(listed.id) == document
    store.documents.correct(document.sha256, FactName.SCOPE, "", "it names none", "Li Wei")
    assert store.corpus().documents[0].facts == (title,)


def test_the_listing_counts(store: Store) -> None:
    save(store, read("a.pdf", "One.", "Two."), read("b.pdf", "Three."))
    found = [(d.name, d.pages, d.passages, d.suspicions, d.added_by) for d in store.documents.listing()]
    assert found == [("a.pdf", 2, 2, 1, "Ana Ruiz"), ("b.pdf", 1, 1, 1, "Ana Ruiz")]


def test_pages_are_given_one_by_one(store: Store) -> None:
    document = read("a.pdf", "One.", "Two.")
    save(store, document)
    assert store.documents.page(document.sha256, 2) == document.pages[1]
    assert isinstance(store.documents.page(document.sha256, 1), Page)
    with pytest.raises(NotFoundError, match=r"a\.pdf has no page 3"):
        store.documents.page(document.sha256, 3)
    with pytest.raises(NotFoundError, match="no document"):
        store.documents.page("f" * 64, 1)
    texts = store.documents.page_texts({(document.sha256, 2), (document.sha256, 9), ("f" * 64, 1)})
    assert texts == {(document.sha256, 2): "Two."}
