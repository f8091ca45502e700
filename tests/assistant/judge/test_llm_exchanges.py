"""Stores of prompts and answers: the same behaviour in memory, in files, and with the texts kept elsewhere."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

import pytest

from assistant.errors import NotFoundError
from assistant.judge.llm import ExchangeStore, FileExchanges, MemoryExchanges

MAKERS: dict[str, Callable[[Path], ExchangeStore]] = {
    "memory": lambda folder: MemoryExchanges(),
    "files": FileExchanges,
    "links in files": lambda folder: FileExchanges(folder, texts=MemoryExchanges()),
}


@pytest.fixture(params=MAKERS)
def store(request: pytest.FixtureRequest, tmp_path: Path) -> ExchangeStore:
    return MAKERS[request.param](tmp_path)


def test_a_text_is_kept_by_its_hash(store: ExchangeStore) -> None:
    text = "Prüfung 尾矿\r\nline\n"
    sha256 = store.put("prompt", text)
    assert sha256 == hashlib.sha256(text.encode()).hexdigest()
    assert store.put("answer", text) == sha256
    assert store.get(sha256) == text


def test_links(store: ExchangeStore) -> None:
    prompt, answer = store.put("prompt", "p"), store.put("answer", "a")
    assert store.answer_to(prompt) is None
    store.link(prompt, answer)
    assert store.answer_to(prompt) == answer
    assert store.answer_to(answer) is None


def test_what_is_not_there(store: ExchangeStore) -> None:
    with pytest.raises(NotFoundError, match=r"There is no kept prompt or answer 000000000000…"):
        store.get("0" * 64)


def test_files_outlive_the_object_and_leave_no_temporary_ones(tmp_path: Path) -> None:
    first = FileExchanges(tmp_path)
    prompt, answer = first.put("prompt", "p"), first.put("answer", "a")
    first.link(prompt, answer)
    second = FileExchanges(tmp_path)
    assert (second.get(prompt), second.answer_to(prompt)) == ("p", answer)
    assert not list(tmp_path.rglob(".new-*"))


def test_a_changed_file_is_not_believed(tmp_path: Path) -> None:
    store = FileExchanges(tmp_path)
    sha256 = store.put("answer", "supported")
    [path] = [path for path in tmp_path.rglob("*") if path.is_file()]
    path.write_text("contradicted")
    with pytest.raises(NotFoundError):
        store.get(sha256)
    prompt = store.put("prompt", "p")
    store.link(prompt, "no hash")
    assert store.answer_to(prompt) is None
