"""Whoever changes the record behind Assay's back is found out, whatever they change."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from assistant.models import Verdict
from assistant.store import EventKind, Store, audit, tables
from assistant.store.chain import GENESIS
from assistant.store.database import DATABASE_FILE
from tests.assistant.service.scripted import SITE, evidence, found, read
from tests.assistant.store.test_runs import inputs

DOCUMENT = read("a.pdf", "Drills were held in March.", "Second page.")
NOTHING_CHANGED = ("nothing was changed",)
COLUMNS = ("id", "at", "person", "kind", "subject", "payload", "previous", "hash")


def lived_in(store: Store, folder: Path) -> Store:
    """A record in which everything happened once."""
    original = folder / "a.pdf"
    original.write_bytes(b"\f".join(page.text.encode() for page in DOCUMENT.pages))
    store.originals.put(original, DOCUMENT.sha256)
    store.documents.save(DOCUMENT, ingestion_version="1", person="Ana Ruiz")
    store.documents.correct(DOCUMENT.sha256, DOCUMENT.facts[0].name, "Drills", "page 1", "Ana Ruiz")
    run, _ = store.runs.begin(inputs(), store.corpus(), "Ana Ruiz")
    item = evidence(DOCUMENT, "1.a", "Drills were held")
    store.runs.save(run.id, [(0, found("1.a", item))])
    store.runs.finish(run.id, "Ana Ruiz")
    common: dict[str, Any] = {"target": "evidence", "key": item.key, "requirement_id": "1.a", "person": "Ana Ruiz"}
    common |= {"run_id": run.id, "wording": "", "proposal": item}
    first = store.decisions.add(verdict=Verdict.CONFIRMED, reason="", **common)
    store.decisions.add(verdict=Verdict.WITHDRAWN, reason="by mistake", undoes=first.id, **common)
    store.decisions.rate(criterion_id="1", rating="fully meets", rationale="page 1", person="Ana Ruiz")
    store.comment("1.a", "Ask for the minutes.", "Li Wei")
    store.change_site(SITE.model_copy(update={"country": "CL"}), "Ana Ruiz")
    return store


def test_an_untouched_record_has_no_problem(store: Store, tmp_path: Path) -> None:
    report = audit(lived_in(store, tmp_path))
    assert report.problems == ()
    assert (report.events, report.readings, report.runs, report.originals) == (10, 1, 1, 1)
    assert report.head == store.events()[-1].hash
    assert store.events()[0].previous == GENESIS


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("chain")
    store = lived_in(Store.create(folder / "w", SITE, "rra-v2"), folder)
    with store.database.engine.connect() as connection:
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    store.close()
    yield folder / "w"
    shutil.rmtree(folder)


def tampered(workspace: Path, folder: Path, *statements: tuple[str, tuple[Any, ...]]) -> tuple[str, ...]:
    """What the audit says after somebody took the triggers away and ran these statements."""
    copy = folder / "tampered"
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(workspace, copy)
    with closing(sqlite3.connect(copy / DATABASE_FILE)) as connection:
        for table in tables.APPEND_ONLY:
            for verb in ("update", "delete"):
                connection.execute(f"DROP TRIGGER {table}_no_{verb}")
        changed = sum(connection.execute(statement, values).rowcount for statement, values in statements)
        connection.commit()
    if not changed:
        return NOTHING_CHANGED
    store = Store.open(copy)
    try:
        return audit(store).problems
    finally:
        store.close()


@given(
    number=st.integers(1, 10),
    column=st.sampled_from(COLUMNS),
    value=st.one_of(st.text(max_size=20), st.integers(100, 10_000), st.binary(max_size=5)),
)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_change_of_any_event_is_found(finished: Path, tmp_path: Path, number: int, column: str, value: Any) -> None:
    if column == "id":
        value = 1000 + number
    statement = f'UPDATE event SET "{column}" = ? WHERE id = ? AND "{column}" IS NOT ?'
    assert tampered(finished, tmp_path, (statement, (value, number, value)))


def test_bytes_that_are_no_text_are_found(finished: Path, tmp_path: Path) -> None:
    for column in ("person", "payload"):
        statement = f"UPDATE event SET {column} = CAST(x'ff' AS TEXT) WHERE id = 3"
        assert any("cannot be read from the record" in p for p in tampered(finished, tmp_path, (statement, ())))


@pytest.mark.parametrize("number", range(1, 11))
def test_any_event_that_is_dropped_is_found(finished: Path, tmp_path: Path, number: int) -> None:
    problems = tampered(finished, tmp_path, ("DELETE FROM event WHERE id = ?", (number,)))
    assert any("missing from the chain" in p or "recorded with 10 events but 9" in p for p in problems)


@given(one=st.integers(1, 10), other=st.integers(1, 10))
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_events_that_changed_places_are_found(finished: Path, tmp_path: Path, one: int, other: int) -> None:
    swap = "UPDATE event SET id = ? WHERE id = ?"
    problems = tampered(finished, tmp_path, (swap, (-1, one)), (swap, (one, other) if one != other else (one, -1)))
    assert (problems == ()) == (one == other)


def test_a_smaller_change_than_a_word_is_found(finished: Path, tmp_path: Path) -> None:
    statement = "UPDATE event SET payload = replace(payload, 'confirmed', 'rejected') WHERE kind = 'decision'"
    assert any(
        "was changed after it was written" in problem for problem in tampered(finished, tmp_path, (statement, ()))
    )


def test_an_event_that_was_put_in_is_found(finished: Path, tmp_path: Path) -> None:
    statement = "INSERT INTO event SELECT 11, at, person, kind, subject, payload, hash, 'x' FROM event WHERE id = 10"
    assert any("Event 11" in problem for problem in tampered(finished, tmp_path, (statement, ())))


@pytest.mark.parametrize(
    ("statement", "sentence"),
    [
        (
            "UPDATE decision SET verdict = 'rejected' WHERE id = 1",
            "The decision 1 was changed after it was made (verdict)",
        ),
        ("UPDATE decision SET person = 'X' WHERE id = 1", "The decision 1 was changed after it was made (person)"),
        ("DELETE FROM decision WHERE id = 2", "The decision 2 stands in the chain but is gone"),
        ("UPDATE rating SET rating = 'does not meet'", "The rating 1 was changed after it was made (rating)"),
        (
            "INSERT INTO rating (criterion_id, rating, rationale, person, at) "
            "SELECT '2', rating, rationale, person, at FROM rating",
            "The rating 2 has no event in the chain",
        ),
        ("UPDATE correction SET value = 'X'", "The correction 1 was changed after it was made (value)"),
        ("UPDATE page SET text = replace(text, 'held', 'made')", "a.pdf: its stored text or facts were changed"),
        ("UPDATE fact SET value = 'X'", "a.pdf: its stored text or facts were changed"),
        ("UPDATE document SET name = 'b.pdf'", "b.pdf: its stored text or facts were changed"),
        ("DELETE FROM finding", "Run 1: its findings were changed"),
        ("UPDATE finding SET value = replace(value, '0.75', '0.95')", "Run 1: its findings were changed"),
        ("UPDATE finding SET value = 'nonsense'", "Run 1: its findings cannot be read from the record"),
        ("UPDATE run SET inputs = 'x'", "Run 1: what it started from is not what stands in the chain"),
        ("UPDATE run SET today = '2026-11-21'", "Run 1: what is recorded of its inputs"),
        ("UPDATE run SET models = '{}'", "Run 1: what is recorded of its inputs"),
        ("UPDATE run SET promise = 'No gap is wrong.'", "Run 1: what is recorded of its inputs"),
        ("UPDATE run_document SET facts = 'x'", "Run 1: what is recorded of its inputs"),
        ("DELETE FROM run_document", "Run 1: what is recorded of its inputs"),
        ("UPDATE blob SET text = replace(text, 'Do thing', 'Do other')", "was changed: a framework, prompt or answer"),
        ("UPDATE site SET value = replace(value, 'CL', 'PE')", "The site is not the one that stands in the chain"),
        ("UPDATE chain SET length = 9", "The chain was recorded with 9 events but 10 are there"),
    ],
    ids=lambda value: value[:40],
)
def test_a_change_of_any_row_is_found_and_said(finished: Path, tmp_path: Path, statement: str, sentence: str) -> None:
    problems = tampered(finished, tmp_path, (statement, ()))
    assert problems != NOTHING_CHANGED
    assert any(sentence in problem for problem in problems), problems


def test_a_changed_or_missing_original_is_found(store: Store, tmp_path: Path) -> None:
    lived_in(store, tmp_path)
    path = store.originals.get(DOCUMENT.sha256)
    path.write_bytes(b"other")
    assert audit(store).problems == ("a.pdf: the stored original was changed (its hash differs); add the file again.",)
    path.unlink()
    [problem] = audit(store).problems
    assert problem.startswith("a.pdf: The original ")


@pytest.mark.postgres
def test_tampering_is_found_on_postgres_too(tmp_path: Path, postgres_url: str) -> None:
    store = lived_in(Store.create(tmp_path / "w", SITE, "rra-v2", url=postgres_url), tmp_path)
    with store.database.write() as connection:
        connection.execute(text("ALTER TABLE event DISABLE TRIGGER ALL"))
        connection.execute(text("UPDATE event SET person = 'X' WHERE id = 3"))
    assert audit(store).problems[0] == "Event 3 (fact corrected) was changed after it was written."
    store.close()


def test_events_can_be_asked_for_by_kind(store: Store, tmp_path: Path) -> None:
    lived_in(store, tmp_path)
    assert [event.payload for event in store.events(EventKind.COMMENT)] == [{"text": "Ask for the minutes."}]
