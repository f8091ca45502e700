"""Read a framework from the built-in catalogue, a folder, or one JSON or YAML file.

A folder holds `framework.yaml` and one file a criterion under `criteria/`. A single file holds the whole framework with
its `criteria`, as the evaluation sets' `criteria.json` do. Whatever is wrong is said with file, criterion and field.
"""

from __future__ import annotations

import json
from difflib import get_close_matches
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from assistant.errors import CatalogueError
from assistant.models import Framework

BUILT_IN: dict[str, Path] = {"rra-v2": Path(__file__).parent / "rra_v2"}
"""Names of the catalogues that ship with Assay, and where they are."""

_MISSPELT = 0.8
"""How alike (0 to 1, difflib's ratio) an unknown field and a known one are for the first to be a slip."""
_YAML_LOADER: type = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def load(source: str | Path = "rra-v2") -> Framework:
    """The framework named `source` (a built-in name) or stored at the path `source`.

    Raises `CatalogueError` naming file, criterion and field when something is missing or wrong.
    """
    name = str(source)
    if name in BUILT_IN:
        return _load_folder(BUILT_IN[name])
    path = Path(source)
    if path.is_dir():
        return _load_folder(path)
    if path.is_file():
        return _validate(_read(path), {}, path)
    raise CatalogueError(
        f"No framework called '{name}': expected one of {', '.join(sorted(BUILT_IN))}, a folder with framework.yaml, "
        "or a .json or .yaml file."
    )


@lru_cache(maxsize=8)
def _load_folder(folder: Path) -> Framework:
    head = folder / "framework.yaml"
    if not head.is_file():
        raise CatalogueError(f"{folder}: there is no framework.yaml; a framework folder needs one.")
    data = _read(head)
    files = sorted((folder / "criteria").glob("*.y*ml"))
    if not files:
        raise CatalogueError(f"{folder}: there is no criterion file under criteria/; a framework needs at least one.")
    criteria = [(file, _read(file)) for file in files]
    data["criteria"] = [content for _, content in criteria]
    return _validate(data, {index: file for index, (file, _) in enumerate(criteria)}, head)


def _read(path: Path) -> dict[str, Any]:
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise CatalogueError(f"{path.name}: not UTF-8 text; save the file as UTF-8.") from error
    try:
        # The YAML loader is the safe one: documents of this kind hold data, never objects.
        data = json.loads(text) if path.suffix == ".json" else yaml.load(text, Loader=_YAML_LOADER)  # noqa: S506
    except (json.JSONDecodeError, yaml.YAMLError) as error:
        raise CatalogueError(f"{path.name}: cannot be parsed ({_one_line(error)}); mend the file.") from error
    if not isinstance(data, dict):
        raise CatalogueError(
            f"{path.name}: expected fields such as id and title at the top, found {type(data).__name__}."
        )
    return data


def _validate(data: dict[str, Any], files: dict[int, Path], head: Path) -> Framework:
    data = _known_fields(data, head)
    try:
        framework = Framework.model_validate(data)
    except ValidationError as error:
        raise CatalogueError(_sentence(error, data, files, head)) from error
    seen: dict[str, str] = {}
    for index, criterion in enumerate(framework.criteria):
        where = files.get(index, head).name
        for requirement in criterion.requirements:
            if requirement.id in seen:
                raise CatalogueError(
                    f"{where}: criterion {criterion.id}, requirement id '{requirement.id}' is already used in "
                    f"{seen[requirement.id]}; ids must be unique."
                )
            seen[requirement.id] = where
            if requirement.commitment_alone and requirement.kinds and "commitment" not in requirement.kinds:
                raise CatalogueError(
                    f"{where}: requirement {requirement.id}, commitment_alone is true but commitment is not among "
                    "its kinds; set it to false or add the kind."
                )
    return framework


def _known_fields(data: dict[str, Any], head: Path) -> dict[str, Any]:
    """The fields that a framework has; others (an evaluation set's licence) are left out unless they look misspelt."""
    known = list(Framework.model_fields)
    for key in data:
        if key not in known and (meant := get_close_matches(str(key), known, n=1, cutoff=_MISSPELT)):
            raise CatalogueError(f"{head.name}: there is no field '{key}'; write '{meant[0]}', or take it out.")
    return {key: value for key, value in data.items() if key in known}


def _sentence(error: ValidationError, data: dict[str, Any], files: dict[int, Path], head: Path) -> str:
    first = error.errors()[0]
    place = list(first["loc"])
    where, what = head.name, []
    if len(place) >= 2 and place[0] == "criteria" and isinstance(place[1], int):
        index = place[1]
        where = files.get(index, head).name
        criterion = data["criteria"][index]
        name = criterion.get("id", index + 1) if isinstance(criterion, dict) else index + 1
        what.append(f"criterion {name}")
        place = place[2:]
        if len(place) >= 2 and place[0] == "requirements" and isinstance(place[1], int):
            requirement = criterion["requirements"][place[1]]
            what.append(
                f"requirement {requirement.get('id', place[1] + 1) if isinstance(requirement, dict) else place[1] + 1}"
            )
            place = place[2:]
    what.append(f"field {'.'.join(str(part) for part in place)}" if place else "the whole")
    more = len(error.errors()) - 1
    return f"{where}: {', '.join(what)}: {first['msg']}" + (f" (and {more} more)." if more else ".")


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split())
