"""The child process: values come back, errors keep their words, and what hangs, dies or grows is stopped."""

from __future__ import annotations

import fractions
import operator
import os
import signal
import threading
from pathlib import Path

import pytest

from ingestion import sandbox
from ingestion.errors import CrashedError, MemoryLimitError, SandboxError, TimedOutError
from ingestion.limits import Limits
from ingestion.pipeline import sha256_of
from ingestion.reading import read_here


def test_a_value_comes_back():
    assert sandbox.run(operator.add, 2, 3) == 5


def test_the_work_is_done_in_another_process():
    assert sandbox.run(os.getpid) != os.getpid()


def test_a_child_is_used_again_and_by_a_large_process_too():
    ballast = b"x" * 1_000_000_000
    sandbox.close()  # a child that served other tests may have come to the end of its calls
    assert sandbox.run(os.getpid) == sandbox.run(os.getpid)
    del ballast


def test_what_hangs_is_stopped_and_the_next_call_works():
    with pytest.raises(TimedOutError, match="longer than"):
        sandbox.run(signal.pause, limits=Limits(seconds=0.4))
    assert sandbox.run(operator.add, 1, 1) == 2


def test_what_dies_is_named_and_the_next_call_works():
    with pytest.raises(CrashedError, match="SIGABRT"):
        sandbox.run(os.abort)
    assert sandbox.run(operator.add, 1, 1) == 2


def test_memory_is_limited():
    with pytest.raises(MemoryLimitError, match="1000 MB"):
        sandbox.run(bytearray, 3_000_000_000, limits=Limits(memory_mb=1000))


def test_a_result_too_large_is_refused():
    with pytest.raises(MemoryLimitError, match="result"):
        sandbox.run(bytearray, 100_000_000, limits=Limits(text_chars=1000))


def test_an_error_inside_keeps_its_words():
    with pytest.raises(SandboxError, match="ZeroDivisionError: division by zero"):
        sandbox.run(operator.truediv, 1, 0)


def test_only_our_own_types_come_back():
    with pytest.raises(SandboxError, match=r"unexpected type \(fractions.Fraction\)"):
        sandbox.run(fractions.Fraction, 1, 3)


def test_a_function_that_cannot_be_named_is_refused():
    with pytest.raises(SandboxError, match="move it to the top of a module"):
        sandbox.run(lambda: 1)


def test_threads_do_not_disturb_each_other():
    results: dict[int, int] = {}

    def work(number: int) -> None:
        results[number] = sandbox.run(operator.mul, number, number)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == {number: number * number for number in range(6)}


def test_our_own_types_come_back_whole(tmp_path: Path):
    path = tmp_path / "note.txt"
    path.write_text("A short note.", encoding="utf-8")
    document = sandbox.run(read_here, path, path.name, sha256_of(path), Limits())
    assert document.pages[0].text == "A short note."
