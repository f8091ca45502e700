from __future__ import annotations

import sqlite3
import threading
from contextlib import closing
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import delete, text, update
from sqlalchemy.exc import IntegrityError

from assistant.errors import WorkspaceError
from assistant.models import Site, Verdict
from assistant.store import Store, tables, upgrading
from assistant.store.database import DATABASE_FILE, HEAD, Database, _write_ahead
from tests.assistant.service.scripted import SITE, read


def test_the_migrations_make_the_tables_that_the_code_uses(store: Store) -> None:
    with store.database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, tables.metadata) == []


def test_the_newest_migration_is_the_format_the_code_writes(store: Store) -> None:
    assert ScriptDirectory(str(upgrading.MIGRATIONS)).get_current_head() == HEAD == store.database.format()


def test_a_newer_record_is_refused_with_a_sentence(store: Store) -> None:
    with store.database.write() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(WorkspaceError, match=r"newer version of Assay \(record format 9999.*Update Assay"):
        store.database.upgrade()


def test_two_at_once_may_open_an_empty_database(tmp_path: Path, record_url: str) -> None:
    databases = [Database(tmp_path, record_url) for _ in range(4)]
    threads = [threading.Thread(target=database.upgrade) for database in databases]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {database.format() for database in databases} == {HEAD}
    for database in databases:
        database.close()


def test_the_journal_waits_for_another_that_holds_the_file(tmp_path: Path) -> None:
    with (
        closing(sqlite3.connect(tmp_path / "a.db", isolation_level=None, check_same_thread=False)) as holder,
        closing(sqlite3.connect(tmp_path / "a.db", timeout=0)) as waiting,
    ):
        holder.execute("BEGIN EXCLUSIVE")
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            waiting.execute("PRAGMA journal_mode=WAL")
        timer = threading.Timer(0.2, holder.rollback)
        timer.start()
        _write_ahead(waiting)
        timer.join()
        assert waiting.execute("PRAGMA journal_mode").fetchone() == ("wal",)


def append_only_rows(store: Store) -> None:
    document = read("a.pdf", "Text.")
    store.documents.save(document, ingestion_version="1")
    store.documents.correct(document.sha256, document.facts[0].name, "T", "r", "Ana Ruiz")
    store.decisions.rate(criterion_id="1", rating="fully meets", rationale="r", person="Ana Ruiz")
    store.decisions.add(
        target="gap",
        key="1.a",
        requirement_id="1.a",
        verdict=Verdict.CONFIRMED,
        reason="",
        person="Ana Ruiz",
        run_id=None,
        wording="",
        proposal=None,
    )


@pytest.mark.parametrize("table", tables.APPEND_ONLY)
def test_the_database_refuses_to_change_or_drop_what_people_did(store: Store, table: str) -> None:
    append_only_rows(store)
    rows = tables.metadata.tables[table]
    person = {"person": "somebody else"}
    for statement in (update(rows).values(person), delete(rows)):
        with (
            pytest.raises((IntegrityError, WorkspaceError), match=f"{table} is append-only"),
            store.database.write() as connection,
        ):
            connection.execute(statement)
    with store.database.read() as connection:
        assert "somebody else" not in [row.person for row in connection.execute(rows.select())]


def test_a_write_that_fails_leaves_nothing(store: Store) -> None:
    before = store.head()
    change = update(tables.site).values(framework="other")
    for second in (text("SELECT nonsense"), text("UPDATE chain SET id = 2")):
        with pytest.raises((WorkspaceError, IntegrityError)), store.database.write() as connection:
            assert [connection.execute(statement) for statement in (change, second)] == []
    assert (store.framework_name(), store.head()) == ("rra-v2", before)


def test_only_one_holds_a_lock(store: Store, tmp_path: Path, record_url: str) -> None:
    other = Database(store.folder, record_url)
    with (
        store.database.exclusive("matching", "busy"),
        pytest.raises(WorkspaceError, match="busy"),
        other.exclusive("matching", "busy"),
    ):
        pass
    with other.exclusive("matching", "busy"):
        pass
    other.close()


def test_a_workspace_is_made_once(store: Store, record_url: str) -> None:
    with pytest.raises(WorkspaceError, match="already"):
        Store.create(store.folder, Site(name="Other"), "rra-v2", url=record_url)
    again = Store.open(store.folder, url=record_url)
    assert again.site() == SITE
    again.close()


def test_the_site_can_change_and_the_chain_keeps_both(store: Store) -> None:
    store.change_site(Site(name="Norte"), "Ana Ruiz")
    assert store.site().name == "Norte"
    assert [event.payload["site"]["name"] for event in store.events()] == [SITE.name, "Norte"]


def test_sqlite_is_set_up_to_keep_what_it_has_said(tmp_path: Path) -> None:
    store = Store.create(tmp_path / "w", SITE, "rra-v2")
    with store.database.read() as connection:
        found = {
            name: connection.scalar(text(f"PRAGMA {name}"))
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        }
    assert found == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 30_000}
    store.close()


def test_a_writer_has_its_turn_before_it_reads(tmp_path: Path) -> None:
    """Otherwise two could read the same state and both go on from it."""
    store = Store.create(tmp_path / "w", SITE, "rra-v2")
    with (
        closing(sqlite3.connect(tmp_path / "w" / DATABASE_FILE, timeout=0)) as other,
        store.database.write(),
        pytest.raises(sqlite3.OperationalError, match="locked"),
    ):
        other.execute("BEGIN IMMEDIATE")
    store.close()


def test_what_is_not_a_workspace_is_said(tmp_path: Path) -> None:
    with pytest.raises(WorkspaceError, match=r"is not a workspace.*assay init"):
        Store.open(tmp_path)
    with sqlite3.connect(tmp_path / DATABASE_FILE) as other:
        other.execute("CREATE TABLE recipes (name TEXT)")
    other.close()
    with pytest.raises(WorkspaceError, match="holds other tables"):
        Store.open(tmp_path)
    (tmp_path / DATABASE_FILE).write_bytes(b"this is no database at all" * 100)
    with pytest.raises(WorkspaceError, match="could not be used: file is not a database"):
        Store.open(tmp_path)


def test_a_url_that_cannot_be_used_is_said_without_its_password(tmp_path: Path) -> None:
    with pytest.raises(WorkspaceError, match="is not a database URL"):
        Store.open(tmp_path, url="nonsense")
    with pytest.raises(WorkspaceError, match="driver is not installed") as caught:
        Store.open(tmp_path, url="postgresql+nodriver://ana:secret@127.0.0.1/assay")
    assert "secret" not in str(caught.value)
    with pytest.raises(WorkspaceError, match="could not be used") as caught:
        Store.open(tmp_path, url="postgresql+psycopg://ana:secret@127.0.0.1:1/assay")
    assert "secret" not in str(caught.value)


@pytest.mark.postgres
def test_an_empty_postgres_database_is_no_workspace_yet(tmp_path: Path, postgres_url: str) -> None:
    with pytest.raises(WorkspaceError, match="is empty; make a workspace in it"):
        Store.open(tmp_path, url=postgres_url)
