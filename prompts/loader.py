"""Reads prompt files, checks that the placeholders used equal the variables declared, and fills them."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

FOLDER = Path(__file__).parent
_FRONT_MATTER = re.compile(r"\A---\n(?P<head>.*?)\n---\n(?P<body>.*)\Z", re.DOTALL)
_PLACEHOLDER = re.compile(r"\{\{([a-z][a-z_]*)\}\}")
_LOOKALIKE = re.compile(r"\{\{.*?\}\}", re.DOTALL)
_FIELDS = {"id", "version", "variables"}


class PromptError(Exception):
    """A prompt file is missing or wrong, or was given other variables than it declares."""


@dataclass(frozen=True, slots=True)
class Prompt:
    """One prompt. `text` is the body without front matter; `sha256` (hex) is the hash of the whole file's text."""

    id: str
    version: str
    variables: frozenset[str]
    text: str
    sha256: str

    def render(self, **variables: str) -> str:
        """The text with every `{{name}}` replaced by its value, in one pass: values are never searched themselves.

        Raises `PromptError` unless exactly the declared variables are given.
        """
        if variables.keys() != self.variables:
            missing = ", ".join(sorted(self.variables - variables.keys())) or "none"
            unknown = ", ".join(sorted(variables.keys() - self.variables)) or "none"
            raise PromptError(f"Prompt {self.id} was not given its variables (missing: {missing}; unknown: {unknown}).")
        return _PLACEHOLDER.sub(lambda match: variables[match[1]], self.text)


def ids(folder: Path = FOLDER) -> tuple[str, ...]:
    """The ids of all prompts in the folder, sorted. An id is the name of its file without `.md`."""
    return tuple(sorted(path.stem for path in folder.glob("*.md")))


@lru_cache(maxsize=64)
def load(prompt_id: str, folder: Path = FOLDER) -> Prompt:
    """The prompt with this id. Raises `PromptError` naming the file and what is wrong with it."""
    if prompt_id not in ids(folder):
        raise PromptError(f"There is no prompt {prompt_id!r}; the prompts are {', '.join(ids(folder)) or 'none'}.")
    path = folder / f"{prompt_id}.md"
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise PromptError(f"{path.name}: is not UTF-8 text; save it as UTF-8.") from error
    match = _FRONT_MATTER.match(text)
    if match is None:
        raise PromptError(f"{path.name}: does not begin with front matter between two lines '---'.")
    head = _head(path.name, match["head"])
    if head["id"] != prompt_id:
        raise PromptError(f"{path.name}: its id is {head['id']!r}, but the file's name says {prompt_id!r}.")
    body = match["body"].strip()
    declared = frozenset(head["variables"])
    used = frozenset(_PLACEHOLDER.findall(body))
    if used != declared:
        raise PromptError(
            f"{path.name}: declares the variables {sorted(declared)} but uses {sorted(used)}; make them equal."
        )
    malformed = next((found for found in _LOOKALIKE.findall(body) if not _PLACEHOLDER.fullmatch(found)), None)
    if malformed is not None:
        raise PromptError(f"{path.name}: {malformed!r} is no placeholder; write {{{{name}}}} in small letters.")
    return Prompt(prompt_id, str(head["version"]), declared, body, hashlib.sha256(text.encode()).hexdigest())


def _head(name: str, text: str) -> dict[str, Any]:
    try:
        head = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise PromptError(f"{name}: its front matter is not YAML ({error}).") from error
    if not isinstance(head, dict) or head.keys() != _FIELDS:
        raise PromptError(f"{name}: its front matter must have the fields id, version and variables, and no others.")
    variables = head["variables"]
    if not isinstance(variables, list) or not all(isinstance(variable, str) for variable in variables):
        raise PromptError(f"{name}: variables must be a list of names ([] when there are none).")
    return head
