"""One way to write a value as JSON, so that equal values have equal bytes and therefore equal hashes.

Keys are sorted, nothing but ASCII is written (any character survives any database), and numbers that JSON has no words
for are refused.
"""

from __future__ import annotations

import hashlib
import json
from typing import Any

from pydantic import BaseModel


def canonical(value: Any) -> str:
    """`value` (plain data or a model) as canonical JSON. Raises `ValueError` on NaN and infinity."""
    return json.dumps(_plain(value), sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False)


def digest(value: Any) -> str:
    """SHA-256 (hex) of the canonical JSON of `value`."""
    return text_digest(canonical(value))


def text_digest(text: str) -> str:
    """SHA-256 (hex) of a text; lone surrogates, which UTF-8 has no bytes for, are kept apart by their escapes."""
    return hashlib.sha256(text.encode("utf-8", "backslashreplace")).hexdigest()


def _plain(value: Any) -> Any:
    return value.model_dump(mode="json") if isinstance(value, BaseModel) else value
