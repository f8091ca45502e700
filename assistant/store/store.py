"""The record of one workspace: its parts over one database, and how it is made and opened."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import insert, select, update

from assistant.errors import WorkspaceError
from assistant.models import Site
from assistant.store import chain, tables
from assistant.store.blobs import Blobs
from assistant.store.conversations import Conversations
from assistant.store.database import DATABASE_FILE, Database
from assistant.store.decisions import Decisions
from assistant.store.documents import Documents
from assistant.store.originals import Originals
from assistant.store.records import Corpus, Event, EventKind
from assistant.store.runs import Runs

FILES_FOLDER = "files"


class Store:
    """The record: `documents`, `runs`, `decisions`, `conversations`, `blobs`, the event chain, and the `originals`.

    Every call is one transaction of its own; one store serves any number of threads.

    Example: `Store.open(Path("workspace")).corpus().documents`
    """

    def __init__(self, folder: Path, database: Database) -> None:
        self.folder = folder
        self.database = database
        self.documents = Documents(database)
        self.runs = Runs(database)
        self.decisions = Decisions(database)
        self.conversations = Conversations(database)
        self.blobs = Blobs(database)
        self.originals = Originals(folder / FILES_FOLDER)

    @classmethod
    def create(cls, folder: Path, site: Site, framework: str, *, url: str = "", person: str = "") -> Store:
        """Make the workspace `folder` with an empty record, in SQLite or in the empty database at `url`.

        Raises `WorkspaceError` when there is a record already.
        """
        try:
            (folder / FILES_FOLDER).mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise WorkspaceError(f"The workspace {folder} cannot be made: {error.strerror or error}.") from error
        with _closed_on_error(Database(folder, url)) as database, database.upgraded().write() as connection:
            if connection.scalar(select(tables.site.c.id)) is not None:
                raise WorkspaceError(f"There is a workspace in {database} already; open it, or name another folder.")
            connection.execute(insert(tables.site).values(id=1, value=site, framework=framework))
            payload = {"site": site.model_dump(mode="json"), "framework": framework}
            chain.append(connection, EventKind.CREATED, site.name, payload, person)
        return cls(folder, database)

    @classmethod
    def open(cls, folder: Path, *, url: str = "") -> Store:
        """Open a workspace and bring its record to this version's format.

        Raises `WorkspaceError` when there is none, or when a newer version wrote it.
        """
        if not url and not (folder / DATABASE_FILE).is_file():
            raise WorkspaceError(
                f"{folder} is not a workspace (it has no {DATABASE_FILE}); make one with `assay init`."
            )
        folder.mkdir(parents=True, exist_ok=True)
        with _closed_on_error(Database(folder, url)) as database:
            if url and database.format() is None:
                raise WorkspaceError(f"The database {database} is empty; make a workspace in it with `assay init`.")
            store = cls(folder, database.upgraded())
            store.site()
        return store

    def site(self) -> Site:
        """The assessed site."""
        with self.database.read() as connection:
            value = connection.scalar(select(tables.site.c.value))
        if value is None:
            raise WorkspaceError(f"The record {self.database} has no site yet; make the workspace with `assay init`.")
        return Site.model_validate(value)

    def framework_name(self) -> str:
        """The built-in name or the path of the framework the workspace was made for."""
        with self.database.read() as connection:
            return str(connection.scalar(select(tables.site.c.framework)))

    def change_site(self, site: Site, person: str) -> None:
        """Replace the site; the event keeps what it was changed to."""
        with self.database.write() as connection:
            connection.execute(update(tables.site).values(value=site))
            payload = {
                "site": site.model_dump(mode="json"),
                "framework": connection.scalar(select(tables.site.c.framework)),
            }
            chain.append(connection, EventKind.SITE, site.name, payload, person)

    def corpus(self) -> Corpus:
        """The current documents as the engine reads them."""
        return self.documents.corpus()

    def comment(self, subject: str, text: str, person: str) -> Event:
        """Add a remark of a person on a requirement, criterion or document; it decides nothing."""
        with self.database.write() as connection:
            return chain.append(connection, EventKind.COMMENT, subject, {"text": text}, person)

    def events(self, kind: EventKind | None = None) -> list[Event]:
        """The chain, or its events of one kind, in order."""
        with self.database.read() as connection:
            return chain.events(connection, kind)

    def head(self) -> tuple[int, str]:
        """How many events there are, and the hash of the last: it stands for the state of the whole record."""
        with self.database.read() as connection:
            return chain.length_and_head(connection)

    def close(self) -> None:
        """Let go of the database."""
        self.database.close()


@contextmanager
def _closed_on_error(database: Database) -> Iterator[Database]:
    """Let go of a database that turns out to be of no use."""
    try:
        yield database
    except BaseException:
        database.close()
        raise
