"""What exists must stand in the docs: commands, settings, statuses, reasons, prompts, export columns, make targets."""

import importlib
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from pydantic import SecretStr

import prompts
from assistant.cli.application import COMMANDS
from assistant.cli.reference import page
from assistant.config import Settings
from assistant.models import EvidenceKind, GapReason, SiteFact, Status
from evaluation.pictures import shots

ROOT = Path(__file__).resolve().parents[1]
DOCS = ROOT / "docs"
README = (ROOT / "README.md").read_text()
PAGES = {path.name: path.read_text() for path in DOCS.glob("*.md")}
LINK = re.compile(r"\]\((?!https?:)([^)#]+)")
TABLE_ROW = re.compile(r"^\| ([^|]+) \|", re.MULTILINE)


def test_commands_page_is_what_the_program_says() -> None:
    assert PAGES["commands.md"] == page(), "docs/commands.md is behind the program: run make docs"


@pytest.mark.parametrize("name", [name for names in COMMANDS.values() for name in names])
def test_every_command_has_its_section(name: str) -> None:
    assert f"## assay {name}\n" in PAGES["commands.md"]


def _setting_row(name: str) -> str:
    field = Settings.model_fields[name]
    default = field.default.get_secret_value() if isinstance(field.default, SecretStr) else field.default
    shown = "empty" if default in ("", None) else f"`{default}`"
    return f"| `{name}` | `ASSAY_{name.upper()}` | {shown} | {field.description} |"


@pytest.mark.parametrize("name", Settings.model_fields)
def test_every_setting_has_its_row(name: str) -> None:
    assert _setting_row(name) in PAGES["settings.md"].splitlines()


def test_no_setting_is_documented_that_is_none() -> None:
    documented = set(re.findall(r"^\| `([a-z_]+)` \|", PAGES["settings.md"], re.MULTILINE))
    assert documented == set(Settings.model_fields)


def test_every_variable_of_the_environment_is_documented() -> None:
    sources = [*ROOT.glob("assistant/**/*.py"), *ROOT.glob("tests/**/*.py"), ROOT / "Makefile", ROOT / ".ci" / "run"]
    # Ends on a letter: "ASSAY_" alone is the prefix, and click's completion variable begins with another underscore.
    named = {name for path in sources for name in re.findall(r"(?<!_)ASSAY_[A-Z_]*[A-Z]", path.read_text())}
    assert sorted(name for name in named if f"`{name}`" not in PAGES["settings.md"]) == []


@pytest.mark.parametrize(
    ("words", "heading"),
    [(Status, "## The statuses"), (GapReason, "## Why something is open")],
    ids=["statuses", "reasons"],
)
def test_every_status_and_reason_has_its_row(words: type[Status] | type[GapReason], heading: str) -> None:
    section = PAGES["how-it-works.md"].split(heading)[1].split("\n## ")[0]
    rows = TABLE_ROW.findall(section)[1:]
    assert [row for row in rows if not row.startswith("---")] == [word.value for word in words]


@pytest.mark.parametrize("word", [*EvidenceKind, *SiteFact])
def test_every_kind_and_site_fact_is_named(word: str) -> None:
    assert str(word) in PAGES["how-it-works.md"] + PAGES["commands.md"]


@pytest.mark.parametrize("name", sorted(path.stem for path in Path(prompts.__file__).parent.glob("*.md")))
def test_every_prompt_is_named(name: str) -> None:
    assert f"`{name}`" in PAGES["method.md"]


def test_every_export_column_is_named() -> None:
    columns = importlib.import_module("assistant.report").COLUMNS
    missing = [column for column in columns if column not in PAGES["how-it-works.md"]]
    assert missing == []


def _targets() -> set[str]:
    return set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))


def test_make_targets_of_the_docs_exist() -> None:
    # Only where a command is meant: at the start of a line or of a code span.
    texts = [README, (ROOT / "CONTRIBUTING.md").read_text(), *PAGES.values()]
    named = {
        name
        for text in texts
        for line in re.findall(r"(?:^|`)make ([a-z ]+)", text, re.MULTILINE)
        for name in line.split()
    }
    assert named
    assert named <= _targets()


@pytest.mark.parametrize(("given", "measured"), [([], {"diras"}), (["LEFT_OUT="], {"diras", "xquad-es-cross"})])
def test_make_evaluate_leaves_out_what_takes_half_an_hour(tmp_path: Path, given: list[str], measured: set[str]) -> None:
    for name in ("diras", "xquad-es-cross"):
        (tmp_path / "data" / "sets" / name).mkdir(parents=True)
    (tmp_path / ".assay-installed").touch()
    command = ["make", "-n", "evaluate", f"VENV={tmp_path}", "-o", f"{tmp_path}/.assay-installed"]
    told = subprocess.run(
        [*command, f"DATA={tmp_path / 'data'}", *given], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    assert set(re.findall(r"--set (\S+)", told)) == {
        "evaluation/sample_site",
        *(str(tmp_path / "data" / "sets" / name) for name in measured),
    }


def test_make_help_lists_every_target() -> None:
    listed = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert set(re.findall(r"make ([a-z]+)", listed)) == _targets()


def test_commands_of_the_readme_exist() -> None:
    named = set(re.findall(r"^\.venv/bin/assay ([a-z]+)", README, re.MULTILINE))
    assert named
    assert named <= {name for names in COMMANDS.values() for name in names}


def test_the_first_screen_has_exactly_two_commands() -> None:
    first_block = README.split("```")[1].split()
    assert first_block == ["make", "demo", "make", "test"]


@pytest.mark.parametrize("path", [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted(DOCS.glob("*.md"))], ids=str)
def test_links_lead_somewhere(path: Path) -> None:
    missing = [link for link in LINK.findall(path.read_text()) if not (path.parent / link).exists()]
    assert missing == []


def test_the_readme_shows_a_picture_that_make_pictures_makes() -> None:
    made = {f"docs/images/{shot.name}-{theme}.png" for shot in shots("") for theme in ("light", "dark")}
    shown = re.findall(r"!\[[^\]]+\]\(([^)]+)\)", README)
    assert shown
    assert set(shown) <= made


@pytest.mark.parametrize("name", sorted(PAGES))
def test_docs_promise_nothing_for_later(name: str) -> None:
    assert (
        re.findall(r"(?i)\b(?:todo|fixme|tbd|coming soon|lorem ipsum|to be (?:written|added|filled))\b", PAGES[name])
        == []
    )


@pytest.mark.parametrize("name", ["README.md", "docs/how-it-works.md"])
def test_the_notice_stands_where_the_catalogue_is_spoken_of(name: str) -> None:
    text = " ".join((ROOT / name).read_text().split())
    assert text.count("Working text, check against the official guide.") == 1


def test_constraints_pin_everything_by_version_alone() -> None:
    lines = [line for line in (ROOT / "constraints.txt").read_text().splitlines() if not line.startswith("#")]
    assert lines
    assert [line for line in lines if not re.fullmatch(r"[A-Za-z0-9._-]+==[0-9][A-Za-z0-9.]*", line)] == []
    assert "torch==2.13.0" in lines


def test_constraints_hold_what_is_needed() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    needed = [
        *project["dependencies"],
        *(name for extra in project["optional-dependencies"].values() for name in extra),
    ]
    pinned = {_distribution(line) for line in (ROOT / "constraints.txt").read_text().splitlines()}
    assert [name for name in needed if _distribution(name) not in pinned] == []


def _distribution(requirement: str) -> str:
    """The normalised name of a requirement (PEP 503)."""
    return re.sub(r"[-_.]+", "-", re.split(r"[\[=<>!~ ;]", requirement)[0]).casefold()


def test_python_that_is_too_old_gets_one_sentence(tmp_path: Path) -> None:
    old = tmp_path / "python-old"
    old.write_text('#!/bin/sh\n[ "$1" = --version ] && { echo Python 3.9.2; exit 0; }\nexit 1\n')
    old.chmod(0o755)
    done = subprocess.run(
        ["make", "install", f"PYTHON={old}", f"VENV={tmp_path / 'venv'}"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert done.stderr.splitlines()[0] == f"Assay needs Python 3.11 or newer; {old} is Python 3.9.2."


def test_python_without_venv_gets_one_sentence(tmp_path: Path) -> None:
    bare = tmp_path / "python-bare"
    bare.write_text(f'#!/bin/sh\ncase "$2" in *ensurepip*) exit 1;; esac\nexec {sys.executable} "$@"\n')
    bare.chmod(0o755)
    done = subprocess.run(
        ["make", "install", f"PYTHON={bare}", f"VENV={tmp_path / 'venv'}"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert done.stderr.splitlines()[0].startswith(f"{bare} has no venv module. Install it (Debian: apt-get install")
