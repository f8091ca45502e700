"""Texts kept once by their content: frameworks, and the exact prompts and answers of a language model."""

from __future__ import annotations

from sqlalchemy import Connection, insert, select

from assistant.errors import NotFoundError
from assistant.store import tables
from assistant.store.canonical import text_digest
from assistant.store.database import Database


class Blobs:
    """The texts of one record by SHA-256."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def put(self, kind: str, text: str) -> str:
        """Keep a text (`kind` is framework, prompt or answer) and give its hash; a text that is there is kept once."""
        with self.database.write() as connection:
            return keep(connection, kind, text)

    def get(self, sha256: str) -> str:
        """The text with this hash. Raises `NotFoundError`."""
        with self.database.read() as connection:
            text = connection.scalar(select(tables.blob.c.text).where(tables.blob.c.sha256 == sha256))
        if text is None:
            raise NotFoundError(f"There is no text {sha256[:12]}… in the record.")
        return str(text)

    def changed(self) -> list[str]:
        """The hashes under which another text is found than the one that was kept."""
        with self.database.read() as connection:
            rows = connection.execute(select(tables.blob.c.sha256, tables.blob.c.text).order_by(tables.blob.c.sha256))
            return [row.sha256 for row in rows if text_digest(row.text) != row.sha256]


def keep(connection: Connection, kind: str, text: str) -> str:
    """Keep a text in the transaction of the write that names it."""
    own = text_digest(text)
    if connection.scalar(select(tables.blob.c.sha256).where(tables.blob.c.sha256 == own)) is None:
        connection.execute(insert(tables.blob).values(sha256=own, kind=kind, text=text))
    return own
