"""Prompts: their files are well formed, and filling them treats values as plain text."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

import prompts
from prompts import Prompt, PromptError
from prompts.loader import FOLDER


def write(folder: Path, text: str, name: str = "greeting") -> Path:
    (folder / f"{name}.md").write_text(text, encoding="utf-8")
    return folder


GREETING = "---\nid: greeting\nversion: 3\nvariables: [name, place]\n---\nHello {{name}} in {{place}}, {{name}}!\n"


def test_ids_are_the_files_of_the_folder() -> None:
    assert prompts.ids() == ("chat-answer", "judge-repair", "judge-system", "judge-task", "query-rewrite")


@pytest.mark.parametrize("prompt_id", prompts.ids())
def test_every_prompt_loads_and_renders(prompt_id: str) -> None:
    prompt = prompts.load(prompt_id)
    rendered = prompt.render(**{name: f"<{name}>" for name in prompt.variables})
    assert prompt.sha256 == hashlib.sha256((FOLDER / f"{prompt_id}.md").read_bytes()).hexdigest()
    assert "{{" not in rendered
    assert all(f"<{name}>" in rendered for name in prompt.variables)


@pytest.mark.parametrize("prompt_id", [name for name in prompts.ids() if name.startswith(("judge", "chat", "query"))])
def test_every_prompt_says_that_documents_are_data(prompt_id: str) -> None:
    text = prompts.load(prompt_id).text
    assert "data" in text
    assert "instruction" in text or prompt_id == "judge-task"


def test_load_gives_the_parts(tmp_path: Path) -> None:
    prompt = prompts.load("greeting", write(tmp_path, GREETING))
    digest = hashlib.sha256(GREETING.encode()).hexdigest()
    assert prompt == Prompt(
        "greeting", "3", frozenset({"name", "place"}), "Hello {{name}} in {{place}}, {{name}}!", digest
    )


def test_values_are_inserted_as_they_are(tmp_path: Path) -> None:
    prompt = prompts.load("greeting", write(tmp_path, GREETING))
    value = "{{place}} {0} {name} %s \\1 \\g<0> $name {{{{"
    assert prompt.render(name=value, place="X") == f"Hello {value} in X, {value}!"


def test_render_refuses_missing_and_unknown_variables(tmp_path: Path) -> None:
    prompt = prompts.load("greeting", write(tmp_path, GREETING))
    with pytest.raises(PromptError, match=r"missing: place; unknown: plaice"):
        prompt.render(name="A", plaice="B")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("Hello", "does not begin with front matter"),
        ("---\nid: [\n---\nHello", "is not YAML"),
        ("---\nid: greeting\nvariables: []\n---\nHello", "must have the fields id, version and variables"),
        ("---\nid: greeting\nversion: 1\nvariables: name\n---\n{{name}}", "must be a list of names"),
        ("---\nid: other\nversion: 1\nvariables: []\n---\nHello", "its id is 'other'"),
        ("---\nid: greeting\nversion: 1\nvariables: [name]\n---\nHello", r"declares the variables \['name'\]"),
        ("---\nid: greeting\nversion: 1\nvariables: []\n---\nHello {{name}}", r"uses \['name'\]"),
        ("---\nid: greeting\nversion: 1\nvariables: []\n---\nHello {{ name }}", "is no placeholder"),
    ],
)
def test_a_wrong_file_is_refused_with_its_name(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(PromptError, match=message) as caught:
        prompts.load("greeting", write(tmp_path, text))
    assert str(caught.value).startswith("greeting.md: ")


def test_a_file_that_is_not_utf8_is_refused(tmp_path: Path) -> None:
    (tmp_path / "greeting.md").write_bytes(b"---\nid: \xff")
    with pytest.raises(PromptError, match=r"greeting\.md: is not UTF-8"):
        prompts.load("greeting", tmp_path)


def test_an_unknown_id_names_the_known_ones(tmp_path: Path) -> None:
    with pytest.raises(PromptError, match=r"There is no prompt '\.\./greeting'; the prompts are greeting"):
        prompts.load("../greeting", write(tmp_path, GREETING))
