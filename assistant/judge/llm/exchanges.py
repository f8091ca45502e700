"""The exact prompts sent and answers received, kept once by their hash, and which answer belongs to which prompt.

The texts are part of the record and can go into its blob table (`FileExchanges(folder, texts=record.blobs)`); the links
from prompt to answer are a cache that may be lost.
"""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
from pathlib import Path
from typing import Protocol

from assistant.errors import NotFoundError

_HASH = re.compile(r"[0-9a-f]{64}")


class TextStore(Protocol):
    """Texts by the SHA-256 of their UTF-8 bytes."""

    def put(self, kind: str, text: str) -> str:
        """Keep a text (`kind` is prompt or answer) and give its hash."""
        ...

    def get(self, sha256: str) -> str:
        """The text with this hash. Raises `NotFoundError`."""
        ...


class ExchangeStore(TextStore, Protocol):
    """Texts, and the answer each prompt got."""

    def answer_to(self, prompt: str) -> str | None:
        """Hash of the answer to the prompt with this hash, if it was asked before."""
        ...

    def link(self, prompt: str, answer: str) -> None:
        """Remember that the prompt with this hash got the answer with that hash."""
        ...


class MemoryExchanges:
    """Exchanges in dictionaries."""

    def __init__(self) -> None:
        self._texts: dict[str, str] = {}
        self._links: dict[str, str] = {}

    def put(self, kind: str, text: str) -> str:
        """Keep a text and give its hash."""
        sha256 = _digest(text)
        self._texts[sha256] = text
        return sha256

    def get(self, sha256: str) -> str:
        """The text with this hash. Raises `NotFoundError`."""
        try:
            return self._texts[sha256]
        except KeyError:
            raise NotFoundError(_NOT_FOUND.format(sha256[:12])) from None

    def answer_to(self, prompt: str) -> str | None:
        """Hash of the answer to the prompt with this hash."""
        return self._links.get(prompt)

    def link(self, prompt: str, answer: str) -> None:
        """Remember the answer to a prompt."""
        self._links[prompt] = answer


class FileExchanges:
    """Exchanges in a folder, one file a text and one a link; with `texts`, the texts go there instead."""

    def __init__(self, folder: Path, texts: TextStore | None = None) -> None:
        self._folder = folder
        self._elsewhere = texts

    def put(self, kind: str, text: str) -> str:
        """Keep a text and give its hash."""
        if self._elsewhere is not None:
            return self._elsewhere.put(kind, text)
        sha256 = _digest(text)
        path = self._path("texts", sha256)
        if not path.exists():
            _write(path, text)
        return sha256

    def get(self, sha256: str) -> str:
        """The text with this hash. Raises `NotFoundError` when it is not there or its file was changed."""
        if self._elsewhere is not None:
            return self._elsewhere.get(sha256)
        path = self._path("texts", sha256)
        text = path.read_bytes().decode("utf-8", "replace") if path.is_file() else None
        if text is None or _digest(text) != sha256:
            raise NotFoundError(_NOT_FOUND.format(sha256[:12]))
        return text

    def answer_to(self, prompt: str) -> str | None:
        """Hash of the answer to the prompt with this hash."""
        path = self._path("links", prompt)
        text = path.read_text(encoding="ascii", errors="replace").strip() if path.is_file() else ""
        return text if _HASH.fullmatch(text) else None

    def link(self, prompt: str, answer: str) -> None:
        """Remember the answer to a prompt."""
        _write(self._path("links", prompt), answer)

    def _path(self, part: str, sha256: str) -> Path:
        return self._folder / part / sha256[:2] / sha256[2:]


_NOT_FOUND = "There is no kept prompt or answer {}…; the exchange was removed or changed."


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def _write(path: Path, text: str) -> None:
    """Whole or not at all: a kill leaves no half file under the final name."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".new-")
    with os.fdopen(handle, "wb") as file:
        file.write(text.encode("utf-8"))
    Path(temporary).replace(path)
