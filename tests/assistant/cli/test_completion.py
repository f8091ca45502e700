import os
import subprocess
import sys

import pytest

from tests.assistant.cli.conftest import Assay


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_script_for_each_shell(assay: Assay, shell: str) -> None:
    called = assay("completion", shell)
    assert called.code == 0
    assert f"_ASSAY_COMPLETE={shell}_complete" in called.out


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("assay st", ["plain,status"]),
        ("assay show 31", ["plain,31"]),
        ("assay show 19.", [f"plain,19.{letter}" for letter in "abc"]),
        ("assay rate 19 par", ["plain,partially meets"]),
        ("assay decide --gap 01", []),
    ],
)
def test_what_bash_is_offered(typed: str, offered: list[str]) -> None:
    given = {"_ASSAY_COMPLETE": "bash_complete", "COMP_WORDS": typed, "COMP_CWORD": str(typed.count(" "))}
    done = subprocess.run(
        [sys.executable, "-m", "assistant.cli"],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, **given},
    )
    assert [line for line in done.stdout.splitlines() if line][: len(offered) or None] == offered
