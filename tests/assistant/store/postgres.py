"""A PostgreSQL server for tests: the one of ASSAY_TEST_POSTGRES, else one started here, else a skip that says how."""

from __future__ import annotations

import os
import pwd
import secrets
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

NEEDED = (
    "there is no PostgreSQL: set ASSAY_TEST_POSTGRES=postgresql+psycopg://user@host/postgres, or install a server "
    "(apt-get install postgresql)"
)


def _run(binary: Path, *arguments: str) -> None:
    command = [str(binary), *arguments]
    if os.getuid() == 0:  # the server refuses to run as root
        command = ["su", "postgres", "-c", " ".join(f"'{part}'" for part in command)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=tempfile.gettempdir())


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """URL of a server on which databases may be made."""
    given = os.environ.get("ASSAY_TEST_POSTGRES")
    if given:
        yield given
        return
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if not found:
        pytest.skip(NEEDED)
    binaries = found[-1].parent
    folder = Path(tempfile.mkdtemp(prefix="assay-postgres-"))
    if os.getuid() == 0:
        try:
            shutil.chown(folder, pwd.getpwnam("postgres").pw_name)
        except KeyError:
            pytest.skip(NEEDED)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    data, log = str(folder / "data"), str(folder / "log")
    options = f"-F -p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={folder}"
    try:
        _run(binaries / "initdb", "-D", data, "-A", "trust", "-U", "postgres", "-E", "UTF8", "--no-sync")
        _run(binaries / "pg_ctl", "-D", data, "-l", log, "-w", "-o", options, "start")
        yield f"postgresql+psycopg://postgres@127.0.0.1:{port}/postgres"
        _run(binaries / "pg_ctl", "-D", data, "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def postgres_url(postgres_server: str) -> Iterator[str]:
    """URL of a new, empty database, dropped after the test."""
    from sqlalchemy import create_engine, make_url, text

    name = f"assay_{secrets.token_hex(6)}"
    admin = create_engine(postgres_server, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    yield make_url(postgres_server).set(database=name).render_as_string(hide_password=False)
    with admin.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    admin.dispose()


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def record_url(request: pytest.FixtureRequest) -> str:
    """Each database in turn: nothing for SQLite in the workspace, or the URL of an empty PostgreSQL database."""
    return "" if request.param == "sqlite" else request.getfixturevalue("postgres_url")
