"""Run a function in a child process under limits of time, memory and result size.

`run(function, *args, limits=…)` sends a module-level function by name to a waiting child (`sandbox_child`) and returns
its value. Children are reused (starting one costs about 0.2 s, a call less than a millisecond) and replaced after any
failure. Safe from threads (each call has a child of its own), from pytest and Streamlit (the caller's `__main__` is
never imported), and after a fork (the forked process forgets its parent's children).

The answer is unpickled with an allow-list: plain values and this project's own classes, nothing else.
"""

from __future__ import annotations

import atexit
import io
import os
import pickle
import selectors
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any, ParamSpec, TypeVar

from . import errors
from .errors import CrashedError, IngestionError, MemoryLimitError, SandboxError, TimedOutError
from .limits import DEFAULT_LIMITS, Limits
from .sandbox_child import ALIVE, CALL, HEADER, MEGABYTE, RESULT, alive

__all__ = ["alive", "close", "run"]

P = ParamSpec("P")
T = TypeVar("T")

OWN_PACKAGES = ("ingestion", "assistant", "evaluation", "prompts")
PLAIN = {
    ("builtins", "set"), ("builtins", "frozenset"), ("builtins", "bytearray"), ("builtins", "complex"),
    ("collections", "OrderedDict"), ("datetime", "date"), ("datetime", "datetime"), ("datetime", "timezone"),
    ("datetime", "timedelta"), ("pathlib", "Path"), ("pathlib", "PosixPath"), ("pathlib", "PurePosixPath"),
}  # fmt: skip
RESULT_BYTES_PER_CHAR = 12
"""Room for an answer: text, its passages and offsets come to about eight bytes a character of text."""
SMALLEST_RESULT_MB = 64
READ_AT_ONCE = 1 << 20
MOST_CALLS = 200
"""A child is replaced after so many calls, so that slow leaks in native libraries cannot add up."""
MOST_IDLE = 4
ONE_THREAD = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "OMP_THREAD_LIMIT")


class _Child:
    """One child process and its two pipes."""

    def __init__(self) -> None:
        environment = dict(os.environ)
        environment["PYTHONPATH"] = os.pathsep.join(os.path.abspath(entry) for entry in sys.path if entry)  # noqa: PTH100
        environment["MALLOC_ARENA_MAX"] = "2"
        environment.update(dict.fromkeys(ONE_THREAD, "1"))
        self.process = subprocess.Popen(
            [sys.executable, "-P", "-W", "ignore", "-c", "from ingestion.sandbox_child import main; main()"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            env=environment, start_new_session=True, bufsize=0,
        )  # fmt: skip
        self.calls = 0

    def call(self, payload: bytes, limits: Limits) -> tuple[bytes, bytes]:
        """Send one call and wait for its answer. Raises a `SandboxError` when none comes within the limits."""
        self.calls += 1
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        try:
            _write_all(self.process.stdin.fileno(), HEADER.pack(CALL, len(payload)) + payload)
        except OSError as error:
            raise CrashedError("the reading process was not there any more") from error
        started = time.monotonic()
        last_sign = started
        received = bytearray()
        most = max(SMALLEST_RESULT_MB * MEGABYTE, limits.text_chars * RESULT_BYTES_PER_CHAR)
        with selectors.DefaultSelector() as selector:
            selector.register(self.process.stdout, selectors.EVENT_READ)
            while True:
                now = time.monotonic()
                left = min(last_sign + limits.seconds, started + limits.total_seconds) - now
                if left <= 0:
                    raise TimedOutError(f"it took longer than {now - started:.0f} seconds")
                if not selector.select(left):
                    continue
                piece = os.read(self.process.stdout.fileno(), READ_AT_ONCE)
                if not piece:
                    raise self._death()
                received += piece
                last_sign = time.monotonic()
                while len(received) >= HEADER.size:
                    kind, length = HEADER.unpack_from(received)
                    if length > most:
                        raise MemoryLimitError(f"its result of {length // MEGABYTE} MB is larger than allowed")
                    if len(received) < HEADER.size + length:
                        break
                    body = bytes(received[HEADER.size : HEADER.size + length])
                    del received[: HEADER.size + length]
                    if kind != ALIVE:
                        return kind, body

    def _death(self) -> SandboxError:
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(timeout=5)
        code = self.process.returncode
        if code in (-signal.SIGXCPU, -signal.SIGKILL):
            return TimedOutError("it used more processor time or memory than allowed")
        how = signal.Signals(-code).name if code is not None and code < 0 else f"exit code {code}"
        return CrashedError(f"the reading process stopped ({how})")

    def close(self, *, kill: bool) -> None:
        """End the process and, when killing, everything it started."""
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe is not None:
                with suppress(OSError):
                    pipe.close()
        if not kill:
            try:
                self.process.wait(timeout=2)
            except subprocess.TimeoutExpired:
                kill = True
        if kill:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()


_idle: list[_Child] = []
_lock = threading.Lock()


def run(function: Callable[..., T], *args: Any, limits: Limits = DEFAULT_LIMITS) -> T:
    """`function(*args)` in a child process.

    `function` must live at module level of an importable module; arguments are pickled. Raises `TimedOutError`,
    `MemoryLimitError` or `CrashedError` when a limit stops it, any `IngestionError` the function itself raises, and
    `SandboxError` for every other error inside it.
    """
    module = function.__module__
    if module == "__main__" or "<" in function.__qualname__:
        raise SandboxError(f"{function.__qualname__} cannot run in the sandbox: move it to the top of a module")
    payload = pickle.dumps((module, function.__qualname__, args, limits), protocol=pickle.HIGHEST_PROTOCOL)
    with _lock:
        child = _idle.pop() if _idle else None
    if child is not None and child.process.poll() is not None:
        child.close(kill=True)
        child = None
    child = child or _Child()
    try:
        kind, body = child.call(payload, limits)
    except BaseException:
        child.close(kill=True)
        raise
    try:
        first, second = _unpickle(body)
    except BaseException:
        child.close(kill=True)
        raise
    if kind == RESULT:
        _give_back(child, retire=bool(second))
        return first  # type: ignore[no-any-return]
    what, detail = first, second
    _give_back(child, retire=what == "memory")
    if what == "memory":
        raise MemoryLimitError(f"it needs more than {limits.memory_mb} MB of memory")
    if what == "ingestion":
        raise _own_error(*detail)
    raise SandboxError(detail)


def close() -> None:
    """End all waiting children. They come back by themselves with the next call."""
    with _lock:
        children = list(_idle)
        _idle.clear()
    for child in children:
        child.close(kill=False)


def _give_back(child: _Child, *, retire: bool) -> None:
    if not retire and child.calls < MOST_CALLS:
        with _lock:
            if len(_idle) < MOST_IDLE:
                _idle.append(child)
                return
    child.close(kill=False)


def _forget() -> None:
    global _lock
    _lock = threading.Lock()
    for child in _idle:
        # The processes belong to the parent: no waiting for them, no warning about them.
        child.process.returncode = 0
    _idle.clear()


def _own_error(name: str, text: str) -> IngestionError:
    kind = getattr(errors, name, IngestionError)
    if not (isinstance(kind, type) and issubclass(kind, IngestionError)):
        kind = IngestionError
    return kind(text)


def _write_all(descriptor: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(descriptor, view) :]


class _OwnTypes(pickle.Unpickler):
    def find_class(self, module: str, name: str) -> Any:
        if (module, name) in PLAIN:
            return super().find_class(module, name)
        if module.split(".")[0] in OWN_PACKAGES:
            found = super().find_class(module, name)
            if isinstance(found, type):
                return found
        raise SandboxError(f"the reading process answered with an unexpected type ({module}.{name})")


def _unpickle(body: bytes) -> Any:
    return _OwnTypes(io.BytesIO(body)).load()


atexit.register(close)
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget)
