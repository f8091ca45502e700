"""Who may import whom, and what costs too much to import where."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


def test_the_contracts_in_pyproject_are_kept() -> None:
    done = subprocess.run(
        [sys.executable, "-c", "import sys; from importlinter.cli import lint_imports_command; lint_imports_command()"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert " 0 broken." in done.stdout


def _loaded(statement: str) -> set[str]:
    """The top-level packages that a fresh interpreter has after `statement`."""
    program = f"import sys\n{statement}\nprint(*{{name.partition('.')[0] for name in sys.modules}})"
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True, timeout=120
    )
    return set(done.stdout.split())


@pytest.mark.parametrize(
    ("statement", "unwanted"),
    [
        ("import prompts", {"ingestion", "assistant", "evaluation"}),
        ("import ingestion", {"prompts", "assistant", "evaluation", "streamlit", "sqlalchemy", "torch"}),
        ("import assistant.models", {"ingestion", "sqlalchemy", "streamlit", "numpy", "torch", "langchain"}),
        ("import assistant.store", {"streamlit", "torch", "chromadb", "langchain_core", "onnxruntime"}),
        ("import assistant.service", {"streamlit", "torch", "chromadb", "langchain_core", "onnxruntime"}),
        ("import assistant.engine", {"streamlit", "torch", "chromadb", "langchain_core", "sqlalchemy"}),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_an_import_does_not_bring(statement: str, unwanted: set[str]) -> None:
    assert _loaded(statement) & unwanted == set()
