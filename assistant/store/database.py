"""The database under the record: SQLite in the workspace by default, PostgreSQL by URL, with the same promises.

Writers take turns: on SQLite by `BEGIN IMMEDIATE`, on PostgreSQL by locking the chain's single row, so a writer always
sees what the one before it wrote. Readers see one consistent state and never wait. What a writer has left is on the
disk (`synchronous=FULL`, PostgreSQL's default).
"""

from __future__ import annotations

import hashlib
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout
from sqlalchemy import Connection, Engine, create_engine, event, inspect, select, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, IntegrityError, NoSuchModuleError

from assistant.errors import WorkspaceError
from assistant.store.tables import chain

HEAD = "0001"
"""The record format this version writes: the newest migration."""

DATABASE_FILE = "assay.db"

BUSY_SECONDS = 30
"""How long a writer waits for its turn. The longest write is one large document: under three seconds."""

_AGAIN_SECONDS = 0.02
_WRITES = "assay_writes"


class Database:
    """Connections to one record. `read()` and `write()` each give one transaction, in any thread."""

    def __init__(self, folder: Path, url: str = "") -> None:
        self.folder = folder
        self.url = _parse(url) if url else URL.create("sqlite", database=str(folder / DATABASE_FILE))
        self.sqlite = self.url.get_backend_name() == "sqlite"
        try:
            self.engine = _engine(self.url, sqlite=self.sqlite)
        except (NoSuchModuleError, ImportError) as error:
            raise WorkspaceError(
                f"The database {self} cannot be used: its driver is not installed ({error}). For PostgreSQL install "
                "assay-copper[postgres] and write the URL as postgresql+psycopg://…"
            ) from error
        self._writer = self.engine.execution_options(**{_WRITES: True})
        self._reader = self.engine if self.sqlite else self.engine.execution_options(isolation_level="REPEATABLE READ")

    def __str__(self) -> str:
        """Where the record is, without a password."""
        return str(self.url.database) if self.sqlite else self.url.render_as_string(hide_password=True)

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """One consistent view of the record."""
        with self._sentences(), self._reader.begin() as connection:
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """One transaction of the only writer: all of it is kept, or nothing."""
        with self._sentences(), self._writer.begin() as connection:
            if not self.sqlite:
                connection.execute(select(chain.c.length).with_for_update())
            yield connection

    @contextmanager
    def exclusive(self, name: str, sentence: str) -> Iterator[None]:
        """Hold the lock `name` of this record; `WorkspaceError(sentence)` when somebody else holds it.

        A process that dies lets go of it.
        """
        if self.sqlite:
            lock = FileLock(self.folder / f".{name}.lock")
            try:
                lock.acquire(timeout=0)
            except Timeout as error:
                raise WorkspaceError(sentence) from error
            try:
                yield
            finally:
                lock.release()
            return
        number = int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], signed=True)
        with self._sentences(), self.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            if not connection.scalar(text("SELECT pg_try_advisory_lock(:number)"), {"number": number}):
                raise WorkspaceError(sentence)
            try:
                yield
            finally:
                connection.execute(text("SELECT pg_advisory_unlock(:number)"), {"number": number})

    def format(self) -> str | None:
        """The format of the record that is there; `None` when the database is empty.

        Raises `WorkspaceError` when the database holds something else.
        """
        with self.read() as connection:
            tables = set(inspect(connection).get_table_names())
            if not tables:
                return None
            version = connection.scalar(text("SELECT version_num FROM alembic_version")) if _ours(tables) else None
        if version is None:
            raise WorkspaceError(
                f"The database {self} holds other tables than Assay's; name an empty one or remove it."
            )
        return str(version)

    def upgrade(self) -> None:
        """Bring the record to this version's format. Raises `WorkspaceError` when a newer version wrote it."""
        if self.format() == HEAD:
            return
        from assistant.store import upgrading  # Alembic takes 0.2 s to import and is next to never needed

        with self._turn():
            found = self.format()
            if found is not None and found not in upgrading.known():
                raise WorkspaceError(
                    f"The record {self} was written by a newer version of Assay (record format {found}; this version "
                    f"knows formats up to {HEAD}). Update Assay, or open a copy made before the update."
                )
            with self._sentences(), self._writer.begin() as connection:
                upgrading.upgrade(connection)

    def upgraded(self) -> Database:
        """This database, brought to this version's format."""
        self.upgrade()
        return self

    def close(self) -> None:
        """Let go of all connections."""
        self.engine.dispose()

    @contextmanager
    def _turn(self) -> Iterator[None]:
        """Wait for whoever is upgrading now."""
        if self.sqlite:
            with FileLock(self.folder / ".upgrading.lock", timeout=BUSY_SECONDS):
                yield
            return
        with self.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("SELECT pg_advisory_lock(1)"))
            try:
                yield
            finally:
                connection.execute(text("SELECT pg_advisory_unlock(1)"))

    @contextmanager
    def _sentences(self) -> Iterator[None]:
        """Turn what the driver says into a sentence; broken constraints are for the caller."""
        try:
            yield
        except IntegrityError:
            raise
        except DBAPIError as error:
            said = (str(error.orig).strip() or type(error.orig).__name__).splitlines()[0]
            raise WorkspaceError(
                f"The record {self} could not be used: {said}. Check that the place is there, can be written, has "
                "room, and that no other program holds it; nothing of this step was kept."
            ) from error


def _parse(url: str) -> URL:
    try:
        return make_url(url)
    except ArgumentError as error:
        raise WorkspaceError(
            "The setting database is not a database URL; expected something like "
            "postgresql+psycopg://name@host/assay, or nothing for assay.db in the workspace."
        ) from error


def _engine(url: URL, *, sqlite: bool) -> Engine:
    if not sqlite:
        return create_engine(url, pool_pre_ping=True)
    engine = create_engine(url, connect_args={"timeout": BUSY_SECONDS})

    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, record: Any) -> None:
        connection.isolation_level = None  # the driver starts no transaction of its own: `_begin` does
        _write_ahead(connection)
        for pragma in ("synchronous=FULL", "foreign_keys=ON", f"busy_timeout={BUSY_SECONDS * 1000}"):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        writes = connection.get_execution_options().get(_WRITES, False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def _write_ahead(connection: sqlite3.Connection) -> None:
    """Turn the journal to write-ahead. SQLite does not wait for another that is doing the same, so this does."""
    until = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
            return
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > until:
                raise
            time.sleep(_AGAIN_SECONDS)


def _ours(tables: set[str]) -> bool:
    return {"alembic_version", "event"} <= tables
