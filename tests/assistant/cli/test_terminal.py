import io
import sys
from pathlib import Path

import pytest

from assistant.cli.terminal import plain, print_json
from assistant.cli.working import working
from tests.assistant.cli.conftest import Assay

MARK = "\N{REPLACEMENT CHARACTER}"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain\ttext\nand 表 é", "plain\ttext\nand 表 é"),
        ("\x1b[31mred", f"{MARK}[31mred"),
        ("\x9b2J", f"{MARK}2J"),
        ("bell\x07 back\x08 nul\x00", f"bell{MARK} back{MARK} nul{MARK}"),
        ("exe.\u202efdp", f"exe.{MARK}fdp"),
        ("\u2066a\u2069", f"{MARK}a{MARK}"),
        ("cr\rlf", f"cr{MARK}lf"),
    ],
)
def test_plain_disarms_what_a_terminal_acts_on(text: str, shown: str) -> None:
    assert plain(text) == shown


def test_json_is_ascii(capsys: pytest.CaptureFixture[str]) -> None:
    print_json({"name": "é\x9b\u202e表"})
    assert capsys.readouterr().out == '{"name": "\\u00e9\\u009b\\u202e\\u8868"}\n'


def test_a_hostile_file_name_is_shown_literally(workspace: Assay, tmp_path: Path) -> None:
    (tmp_path / "[bold red]x :skull: \x1b[2J.txt").write_text("Some words.")
    out = workspace("add", *tmp_path.glob("*skull*")).out
    assert f"[bold red]x :skull: {MARK}[2J.txt" in out
    assert "\x1b" not in workspace("documents").out
    name = next(tmp_path.glob("*skull*")).name
    removed = workspace("remove", name, "--reason", "a trap", "--person", "Ana Ruiz")
    assert removed.out == f"[bold red]x :skull: {MARK}[2J.txt takes no part any more. Next: assay match\n"


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_progress_is_shown_on_a_terminal_with_counts_and_time(monkeypatch: pytest.MonkeyPatch) -> None:
    screen = Terminal()
    monkeypatch.setattr(sys, "stderr", screen)
    monkeypatch.setenv("TERM", "xterm")
    with working("Reading") as progress:
        progress(3, 12, "permit\x1b.pdf")
    assert "Reading" in screen.getvalue()
    assert f"permit{MARK}.pdf" in screen.getvalue()
    assert "3/12" in screen.getvalue()
    assert "left" in screen.getvalue()


@pytest.mark.parametrize(("screen", "quiet"), [(io.StringIO(), False), (Terminal(), True)])
def test_progress_is_silent_elsewhere(screen: io.StringIO, quiet: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", screen)
    with working("Reading", quiet=quiet) as progress:
        progress(3, 12, "permit.pdf")
    assert screen.getvalue() == ""
