"""The pages as a child process: Streamlit, headless, without telemetry, on an address of this machine."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.errors import SettingsError

if TYPE_CHECKING:
    from assistant.config import Settings

APP = Path(__file__).resolve().parents[2] / "app.py"
"""The Streamlit entry lies beside the packages, in a checkout and in an installation."""

READY_SECONDS = 60.0
"""Streamlit answers after about one second; a machine that takes a minute has another trouble."""

_LOOK_SECONDS = 0.1
_END_SECONDS = 5.0


@dataclass
class Server:
    """A running server of the pages."""

    address: str
    process: subprocess.Popen[bytes]

    def wait(self) -> int:
        """Wait until it ends, and give its exit code."""
        return self.process.wait()


def free_port(host: str) -> int:
    """A port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind((host, 0))
        return int(probe.getsockname()[1])


@contextmanager
def serving(
    settings: Settings, *, port: int | None = None, host: str = "127.0.0.1", app: Path | None = None
) -> Iterator[Server]:
    """Start the pages for the workspace of `settings`; they answer when the block begins and have ended after it.

    Raises `SettingsError` when the port is taken or the pages do not start.
    """
    app = app or APP
    if not app.is_file():
        raise SettingsError(f"{app.name} is not beside the packages; serve the pages from a checkout of the project.")
    chosen = port or free_port(host)
    _check_free(host, chosen)
    # What Streamlit says on stdout is its own banner with the address; ours is printed once.
    process = subprocess.Popen(
        _command(app, host, chosen), env=_environment(settings), cwd=app.parent, stdout=subprocess.DEVNULL
    )
    server = Server(f"http://{host}:{chosen}", process)
    try:
        _wait_until_ready(server)
        yield server
    finally:
        process.terminate()
        try:
            process.wait(_END_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _command(app: Path, host: str, port: int) -> list[str]:
    options = {
        "server.address": host,
        "server.port": str(port),
        "server.headless": "true",
        "server.fileWatcherType": "none",
        "browser.gatherUsageStats": "false",
        "browser.serverAddress": host,
        "global.developmentMode": "false",
        "logger.level": "warning",
    }
    flags = [part for name, value in options.items() for part in (f"--{name}", value)]
    return [sys.executable, "-m", "streamlit", "run", str(app), *flags]


def _environment(settings: Settings) -> dict[str, str]:
    given = {"ASSAY_WORKSPACE": str(settings.workspace.resolve())}
    for name in ("person", "role"):
        if value := getattr(settings, name):
            given[f"ASSAY_{name.upper()}"] = value
    return {**os.environ, **given, "STREAMLIT_BROWSER_GATHER_USAGE_STATS": "false"}


def _check_free(host: str, port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise SettingsError(f"{host}:{port} cannot be used ({error.strerror}); give another --port.") from error


def _wait_until_ready(server: Server) -> None:
    end = time.monotonic() + READY_SECONDS
    # A proxy of the environment has no business between this machine and itself.
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    while time.monotonic() < end:
        if server.process.poll() is not None:
            code = server.process.returncode
            raise SettingsError(f"The pages ended at once with code {code}; the lines above say why.")
        try:
            with opener.open(f"{server.address}/_stcore/health", timeout=1):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(_LOOK_SECONDS)
    raise SettingsError(f"The pages did not answer at {server.address} within {READY_SECONDS:.0f} s.")
