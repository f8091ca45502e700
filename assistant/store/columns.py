"""Column types that read back exactly what was written, on every database.

Texts come from other people's files: they may hold NUL (which PostgreSQL refuses) or lone surrogates (which UTF-8 has
no bytes for). Both are written as escapes and read back as they were, so that offsets into a page keep their meaning.
"""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Dialect, Text
from sqlalchemy.types import TypeDecorator

from assistant.store.canonical import canonical

ESCAPE = "\x10"
"""DLE, "data link escape": made for this, and next to never found in a document."""

_UNSTORABLE = re.compile("[\x00\x10\ud800-\udfff]")
_ESCAPED = re.compile(ESCAPE + "([0-9a-f]{4})")


class Words(TypeDecorator[str]):
    """Any Python string, character by character."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """Escape what the database cannot hold."""
        if value is None or not _UNSTORABLE.search(value):
            return value
        return _UNSTORABLE.sub(lambda match: f"{ESCAPE}{ord(match[0]):04x}", value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:
        """Give back the characters that were written."""
        if not isinstance(value, str) or ESCAPE not in value:  # bytes, where somebody else wrote them: for the audit
            return value
        return _ESCAPED.sub(lambda match: chr(int(match[1], 16)), value)


class Json(TypeDecorator[Any]):
    """Plain data or a pydantic model as canonical JSON; read back as plain data."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        """Write canonical JSON."""
        return None if value is None else canonical(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:
        """Read it back as plain data."""
        return None if value is None else json.loads(value)


class Moment(TypeDecorator[datetime]):
    """A time in UTC as ISO text with microseconds: the same bytes on every database, and in the order of time."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> str | None:
        """Write ISO text; a time without a zone is a mistake of the caller."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("times are stored with their zone")
        return moment_text(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> datetime | None:
        """Read an aware time in UTC."""
        return None if value is None else datetime.fromisoformat(value)


def now() -> datetime:
    """The present moment in UTC."""
    return datetime.now(UTC)


def moment_text(moment: datetime) -> str:
    """The text a moment is stored and hashed as."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds")
