import os
import signal
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import click
import pytest

from assistant.cli.application import COMMANDS, SHORT, application
from assistant.errors import AssayError
from tests.assistant.cli.conftest import Assay
from tests.assistant.service.scripted import ScriptedEngine

HEAVY = (
    "torch", "chromadb", "streamlit", "langchain", "langchain_core", "pandas", "sqlalchemy", "numpy", "rich",
    "onnxruntime", "pypdf", "assistant.service", "assistant.engine", "ingestion", "evaluation",
)  # fmt: skip
NAMES = [name for names in COMMANDS.values() for name in names]


def test_help_lists_every_command_with_a_line(assay: Assay) -> None:
    called = assay("--help")
    assert called.code == 0
    for name in NAMES:
        command = application.get_command(click.Context(application), name)
        assert command is not None
        assert command.name == name
        assert f"  {name.ljust(10)}  {command.short_help}" in called.out


def test_commands_are_those_that_have_a_module() -> None:
    folder = Path(sys.modules["assistant.cli.application"].__file__ or "").parent / "commands"
    assert sorted(NAMES) == sorted(p.stem.replace("_", "-") for p in folder.glob("*.py") if p.stem != "__init__")


def test_help_loads_nothing_heavy() -> None:
    program = (
        "import sys\nfrom assistant.cli import main\nassert main(['--help']) == 0\n"
        f"heavy = [name for name in {HEAVY!r} if name in sys.modules]\nassert not heavy, heavy\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("name", NAMES)
def test_every_command_has_help_and_the_shared_options(assay: Assay, name: str) -> None:
    called = assay(name, "--help")
    assert called.code == 0
    assert called.err == ""
    assert called.out.startswith(f"Usage: assay {name} ")
    for option in ("--workspace", "--person", "--debug"):
        assert option in called.out


def test_version(assay: Assay) -> None:
    try:
        expected = version("assay-copper")
    except ModuleNotFoundError:
        expected = "(not installed)"
    assert assay("--version").out == f"assay {expected}\n"


def test_unknown_command_gets_the_nearest_as_hint(assay: Assay) -> None:
    called = assay("statsu")
    assert (called.code, called.out) == (2, "")
    assert called.err == "There is no command 'statsu'. Did you mean 'status'?\nSee: assay --help\n"


def test_usage_error_is_one_sentence_and_names_the_help(assay: Assay) -> None:
    called = assay("add")
    assert (called.code, called.out) == (2, "")
    assert called.err == "Missing argument 'PATHS...'.\nSee: assay add --help\n"


def test_no_workspace_says_how_to_make_one(assay: Assay) -> None:
    called = assay("status")
    assert called.code == 2
    assert called.err == "workspace is not a workspace (it has no assay.db); make one with `assay init`.\n"


@pytest.mark.parametrize("before", [True, False])
def test_workspace_option_stands_before_or_after_the_command(assay: Assay, before: bool) -> None:
    where = ("--workspace", "elsewhere")
    called = assay(*where, "status") if before else assay("status", *where)
    assert called.err.startswith("elsewhere is not a workspace")


def test_workspace_option_goes_over_the_environment(assay: Assay, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASSAY_WORKSPACE", "from-environment")
    assert assay("status").err.startswith("from-environment is not")
    assert assay("--workspace", "from-option", "status").err.startswith("from-option is not")


def _fail_with(error: BaseException, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*arguments: object, **options: object) -> None:
        raise error

    monkeypatch.setattr("assistant.service.Service.open", fail)


def test_error_is_one_line_even_when_its_text_is_not(assay: Assay, monkeypatch: pytest.MonkeyPatch) -> None:
    _fail_with(AssayError("first\nsecond \x1b[2J"), monkeypatch)
    called = assay("status")
    assert (called.code, called.err) == (2, "first second \N{REPLACEMENT CHARACTER}[2J\n")


def test_file_error_names_the_file(assay: Assay, monkeypatch: pytest.MonkeyPatch) -> None:
    _fail_with(OSError(28, "No space left on device", "assay.db"), monkeypatch)
    called = assay("status")
    assert (called.code, called.err) == (2, "assay.db cannot be used: No space left on device.\n")


def test_defect_is_a_sentence_and_with_debug_a_traceback(assay: Assay, monkeypatch: pytest.MonkeyPatch) -> None:
    _fail_with(ValueError("odd"), monkeypatch)
    called = assay("status")
    assert called.code == 1
    assert called.err == (
        "Assay failed where it should not (ValueError: odd). Run the command again with --debug and report it.\n"
    )
    with pytest.raises(ValueError, match="odd"):
        assay("status", "--debug")


def test_interrupted_match_says_what_is_kept_and_goes_on(
    workspace: Assay, engine: ScriptedEngine, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace("add", folder / "register.txt")
    original = engine.match

    def interrupted(*arguments: object, **options: object) -> object:
        for number, finding in enumerate(original(*arguments, **options)):  # type: ignore[arg-type]
            if number == 2:
                raise KeyboardInterrupt
            yield finding

    with monkeypatch.context() as patch:
        patch.setattr(engine, "match", interrupted)
        called = workspace("match")
    assert called.code == 130
    assert called.err.strip() == "Stopped. The findings made so far are kept; `assay match` goes on where it stopped."
    assert workspace("match").out.startswith("Run 1 (resumed): 6 requirements")
    assert engine.asked[-1] == ("1.c", "2.a", "2.b", "2.c")


def test_a_reader_that_goes_away_is_no_error() -> None:
    command = f"{sys.executable} -m assistant.cli --help | head -n 1"
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr) == ("Usage: assay [OPTIONS] COMMAND [ARGS]...\n", "")


def test_control_c_in_a_real_process(tmp_path: Path) -> None:
    program = (
        "import signal, sys\nfrom assistant.cli import main\nfrom assistant.service import Service\n"
        # Whoever runs the tests in the background has them ignore the signal, and what they start inherits that.
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        # To this thread, not to the process: another thread could take the signal, and nothing would wait for it.
        "def interrupted(*a, **k):\n    signal.raise_signal(signal.SIGINT)\n"
        "Service.open = interrupted\nsys.exit(main(['status']))\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False, env=os.environ)
    assert (done.returncode, done.stdout, done.stderr.strip()) == (128 + signal.SIGINT, "", "Stopped.")


def test_help_says_of_each_command_what_the_command_says() -> None:
    context = click.Context(application)
    commands = {name: application.get_command(context, name) for names in COMMANDS.values() for name in names}
    said = {name: command.get_short_help_str(limit=100) for name, command in commands.items() if command is not None}
    assert said == SHORT
