"""The child side of the sandbox: waits for a call on stdin, runs it under limits, writes the result to stdout.

Messages in both directions are frames: one byte of kind, eight bytes of length, the payload. The parent sends `CALL`;
the child answers any number of `ALIVE`, then one `RESULT` or `ERROR`. The real stdout is kept for frames alone;
whatever a library prints goes nowhere.
"""

from __future__ import annotations

import contextlib
import importlib
import os
import pickle
import struct
import sys
from typing import Any, BinaryIO

from .errors import IngestionError
from .limits import Limits

HEADER = struct.Struct(">cQ")
CALL, ALIVE, RESULT, ERROR = b"C", b"A", b"R", b"E"

MEGABYTE = 1024 * 1024
RETIRE_ABOVE_MB = 900
"""A child whose peak memory passed this is replaced: native libraries rarely give memory back."""

_frames_out: BinaryIO | None = None


def alive() -> None:
    """Tell the waiting parent that work goes on. Does nothing outside the sandbox's child process."""
    if _frames_out is not None:
        _write(_frames_out, ALIVE, b"")


def main() -> None:
    """Serve calls until stdin closes."""
    global _frames_out
    frames_in = os.fdopen(os.dup(0), "rb")
    frames_out = os.fdopen(os.dup(1), "wb")
    silent = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1):
        os.dup2(silent, descriptor)
    _frames_out = frames_out
    while True:
        header = frames_in.read(HEADER.size)
        if len(header) < HEADER.size:
            return
        _kind, length = HEADER.unpack(header)
        payload = frames_in.read(length)
        if len(payload) < length:
            return
        kind, answer = _answer(payload)
        try:
            _write(frames_out, kind, answer)
        except BrokenPipeError:
            return


def _answer(payload: bytes) -> tuple[bytes, bytes]:
    try:
        module, name, args, limits = pickle.loads(payload)  # noqa: S301  (written by our own parent)
        _apply(limits)
        function: Any = importlib.import_module(module)
        for part in name.split("."):
            function = getattr(function, part)
        value = function(*args)
        return RESULT, pickle.dumps((value, peak_mb() > RETIRE_ABOVE_MB), protocol=pickle.HIGHEST_PROTOCOL)
    except MemoryError:
        return ERROR, pickle.dumps(("memory", ""))
    except IngestionError as error:
        return ERROR, pickle.dumps(("ingestion", (type(error).__name__, str(error))))
    except RecursionError:
        return ERROR, pickle.dumps(("other", "nesting too deep"))
    except Exception as error:
        text = " ".join(str(error).split())
        return ERROR, pickle.dumps(("other", f"{type(error).__name__}: {text}" if text else type(error).__name__))


def peak_mb() -> int:
    """Peak resident memory of this process in megabytes, 0 where the system does not tell.

    Linux hands `ru_maxrss` of a large parent on to the programs it starts, so there the kernel's own mark is read.
    """
    with contextlib.suppress(OSError), open("/proc/self/status", encoding="ascii") as status:  # noqa: PTH123
        for line in status:
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) // 1024
    try:
        import resource
    except ImportError:
        return 0
    unit = MEGABYTE if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // unit


def _apply(limits: Limits) -> None:
    try:
        import resource
    except ImportError:
        return
    used = resource.getrusage(resource.RUSAGE_SELF)
    seconds = int(used.ru_utime + used.ru_stime + limits.total_seconds) + 1
    wanted = (
        (resource.RLIMIT_AS, limits.memory_mb * MEGABYTE),
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_CORE, 0),
    )
    for what, soft in wanted:
        hard = resource.getrlimit(what)[1]
        if hard != resource.RLIM_INFINITY:
            soft = min(soft, hard)
        # A system may refuse a limit it does not know (address space on macOS); the wall clock still holds.
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(what, (soft, hard))


def _write(out: BinaryIO, kind: bytes, payload: bytes) -> None:
    out.write(HEADER.pack(kind, len(payload)))
    out.write(payload)
    out.flush()
