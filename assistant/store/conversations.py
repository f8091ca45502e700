"""Conversations: questions and answers in the order they were said, so that a page can be closed and opened again."""

from __future__ import annotations

from typing import Any, Literal

from sqlalchemy import insert, select

from assistant.store import tables
from assistant.store.columns import now
from assistant.store.database import Database
from assistant.store.records import Message


class Conversations:
    """The conversations of one record by name."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def add(self, name: str, role: Literal["person", "assistant"], value: dict[str, Any], person: str) -> Message:
        """Add a message to a conversation, which begins with its first message."""
        at = now()
        with self.database.write() as connection:
            known = connection.scalar(select(tables.conversation.c.id).where(tables.conversation.c.name == name))
            if known is None:
                started = insert(tables.conversation).values(name=name, started=at).returning(tables.conversation.c.id)
                known = connection.scalar(started)
            row = {"role": role, "value": value, "person": person, "at": at}
            added = insert(tables.message).values(conversation_id=known, **row).returning(tables.message.c.id)
            return Message.model_validate({"id": connection.scalar(added), **row})

    def messages(self, name: str) -> list[Message]:
        """The messages of a conversation, oldest first; empty when it has not begun."""
        column = tables.message.c
        query = (
            select(column.id, column.role, column.value, column.person, column.at)
            .join(tables.conversation)
            .where(tables.conversation.c.name == name)
            .order_by(column.id)
        )
        with self.database.read() as connection:
            return [Message.model_validate(dict(row)) for row in connection.execute(query).mappings()]

    def names(self) -> list[str]:
        """The names of all conversations, the newest first."""
        query = select(tables.conversation.c.name).order_by(tables.conversation.c.id.desc())
        with self.database.read() as connection:
            return list(connection.scalars(query))
