"""Evaluation sets in the common format: a folder with criteria, documents and labels, checked on loading.

```
<set>/criteria.json      {"id", "version", "title", "criteria": [{"id", "title", "requirements": [...]}]}
<set>/documents/*        UTF-8 .txt with form feeds between pages, or any file that ingestion reads
<set>/labels.jsonl       {"document", "requirement", "verdict", "quotes", "grades", "kinds"} one a line
<set>/set.json           optional: {"scope", "framework", "level"}
<set>/site.yaml          optional, for scope collection: the site, so that applicability is known
```
A label whose document is `*` speaks of the whole collection (a gap that no document closes). Whatever does not fit
is an `EvaluationError` that names the file and the line.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError, model_validator

from assistant.errors import CatalogueError, EvaluationError
from assistant.models import Framework, Site, SiteKind, letters_and_digits

WHOLE_COLLECTION = "*"
"""The document of a label that speaks of all documents together."""

_FILES = ("criteria.json", "labels.jsonl", "passages.jsonl", "set.json", "site.yaml")

Goal = Literal["evidence", "gap", "contradicted"]


class _Read(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class Label(_Read):
    """One judged pair of a document and a requirement (or a criterion, by the set's level)."""

    document: str
    requirement: str
    verdict: Goal
    quotes: tuple[str, ...] = ()
    grades: tuple[float, ...] = ()
    kinds: tuple[str, ...] = ()
    elements: tuple[tuple[str, ...], ...] = ()
    note: str = ""

    @model_validator(mode="after")
    def _fits(self) -> Label:
        for name, values in (("grades", self.grades), ("kinds", self.kinds)):
            if values and len(values) != len(self.quotes):
                raise ValueError(f"{len(self.quotes)} quotes but {len(values)} {name}")
        if self.verdict == "gap" and self.quotes:
            raise ValueError("a gap has no quotes")
        if any(not letters_and_digits(quote) for quote in self.quotes):
            raise ValueError("a quote without letters or digits can never be found")
        return self


class SetOptions(_Read):
    """What `set.json` may say."""

    scope: Literal["document", "collection"] = "document"
    framework: str = ""
    level: Literal["requirement", "criterion"] = "requirement"


class EvaluationSet(BaseModel):
    """One loaded set. `targets` maps what labels name to the requirement ids of the framework that count for it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    folder: Path
    options: SetOptions
    framework: Framework
    site: Site | None
    documents: dict[str, Path]
    labels: tuple[Label, ...]
    targets: dict[str, tuple[str, ...]]
    groups: dict[str, str]
    """For each label target the criterion it belongs to: the unit of resampling in a collection."""

    @property
    def judges_whole_collection(self) -> bool:
        """Whether labels with document `*` say that every document was considered for the judged requirements."""
        return any(label.document == WHOLE_COLLECTION for label in self.labels)

    @property
    def measured(self) -> dict[str, Path]:
        """The documents that are read and matched: those with labels, and all of a collection."""
        judged = {label.document for label in self.labels}
        collection = self.options.scope == "collection"
        return {name: path for name, path in self.documents.items() if collection or name in judged}

    def labels_of(self, document: str) -> tuple[Label, ...]:
        """The judged pairs of one document, in file order."""
        return tuple(label for label in self.labels if label.document == document)

    def site_of(self, name: str) -> Site:
        """The site under which documents are read: that of `site.yaml`, else one of all kinds with unknown facts.

        Unknown facts and all kinds make every requirement apply, which is what labels without a site presume.
        """
        return self.site or Site(name=name, kinds=tuple(SiteKind))


def load_set(folder: Path) -> EvaluationSet:
    """Load and check one set. Raises `EvaluationError` with the file, the line and what to do."""
    folder = Path(folder)
    if not folder.is_dir():
        raise EvaluationError(f"The evaluation set {folder} is no folder; give the folder that holds labels.jsonl.")
    if not any((folder / name).exists() for name in (*_FILES, "documents")):
        inside = sorted(path.parent.name for name in _FILES for path in folder.glob(f"*/{name}"))
        sets = f"; the sets in it are {', '.join(dict.fromkeys(inside))}" if inside else ""
        raise EvaluationError(f"{folder} is no evaluation set: it has neither labels.jsonl nor passages.jsonl{sets}.")
    options = _options(folder / "set.json")
    framework = _framework(folder, options)
    targets, groups = _targets(framework, options)
    documents = _documents(folder / "documents")
    labels = _labels(folder / "labels.jsonl", documents, targets, options)
    return EvaluationSet(
        name=folder.resolve().name,
        folder=folder,
        options=options,
        framework=framework,
        site=_site(folder / "site.yaml"),
        documents=documents,
        labels=labels,
        targets=targets,
        groups=groups,
    )


def narrowed(eval_set: EvaluationSet, only: Collection[str] | None, documents: int | None) -> EvaluationSet:
    """The same set with some label targets or with its first `documents` judged documents only, for a quick look."""
    labels: Sequence[Label] = eval_set.labels
    if only:
        unknown = sorted(set(only) - set(eval_set.targets))
        if unknown:
            raise EvaluationError(f"The set {eval_set.name} has no requirement {unknown[0]!r} to look at alone.")
        labels = [label for label in labels if label.requirement in only]
        if not labels:
            raise EvaluationError(
                f"The set {eval_set.name} has no label for {', '.join(sorted(only))}, so nothing would be judged: "
                "leave out the set or name another requirement."
            )
    if documents is not None and eval_set.options.scope == "document":
        kept = sorted({label.document for label in labels})[:documents]
        labels = [label for label in labels if label.document in kept]
    return eval_set.model_copy(update={"labels": tuple(labels)})


def digest_of(folder: Path) -> str:
    """SHA-256 (hex) of what a set consists of: other documents, labels or criteria of its own give another one."""
    paths = [folder / name for name in _FILES]
    paths += [path for path in (folder / "documents").rglob("*") if not path.name.startswith(".")]
    lines = [
        f"{path.relative_to(folder).as_posix()} {hashlib.sha256(path.read_bytes()).hexdigest()}\n"
        for path in paths
        if path.is_file()
    ]
    return hashlib.sha256("".join(sorted(lines)).encode()).hexdigest()


def asked_by(eval_set: EvaluationSet, framework: Framework) -> EvaluationSet:
    """The same labels under other criteria that ask the same. Raises `EvaluationError` where a label names none."""
    targets, groups = _targets(framework, eval_set.options)
    if missing := sorted({label.requirement for label in eval_set.labels} - set(targets)):
        raise EvaluationError(
            f"{framework.id} has no {eval_set.options.level} {missing[0]!r}, which {eval_set.name} has labels for."
        )
    return eval_set.model_copy(update={"framework": framework, "targets": targets, "groups": groups})


def _options(path: Path) -> SetOptions:
    if not path.exists():
        return SetOptions()
    try:
        return SetOptions.model_validate(_json(path))
    except ValidationError as error:
        raise EvaluationError(f"{path}: {_first(error)}") from error


def _framework(folder: Path, options: SetOptions) -> Framework:
    from assistant import catalogue

    source = options.framework or folder / "criteria.json"
    if isinstance(source, Path) and not source.exists():
        raise EvaluationError(f"{source} is missing: a set has criteria.json, or set.json names a built-in framework.")
    try:
        return catalogue.load(source)
    except CatalogueError as error:
        raise EvaluationError(f"The criteria of the set {folder.name} cannot be used: {error}") from error


def _targets(framework: Framework, options: SetOptions) -> tuple[dict[str, tuple[str, ...]], dict[str, str]]:
    targets: dict[str, tuple[str, ...]] = {}
    groups: dict[str, str] = {}
    for criterion in framework.criteria:
        ids = tuple(requirement.id for requirement in criterion.requirements)
        if options.level == "criterion":
            names = {criterion.id} if criterion.number is None else {criterion.id, str(criterion.number)}
            for name in names:
                targets[name], groups[name] = ids, criterion.id
        else:
            for requirement_id in ids:
                targets[requirement_id], groups[requirement_id] = (requirement_id,), criterion.id
    return targets, groups


def _documents(folder: Path) -> dict[str, Path]:
    if not folder.is_dir():
        raise EvaluationError(f"{folder} is missing: the documents of a set stand in a folder of that name.")
    found = {
        path.relative_to(folder).as_posix(): path
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.name.startswith(".")
    }
    if not found:
        raise EvaluationError(f"{folder} holds no documents.")
    return found


def _labels(
    path: Path, documents: dict[str, Path], targets: dict[str, tuple[str, ...]], options: SetOptions
) -> tuple[Label, ...]:
    if not path.exists():
        raise EvaluationError(f"{path} is missing: a set without labels measures nothing.")
    labels: list[Label] = []
    seen: set[tuple[str, str, str]] = set()
    for number, line in enumerate(text_of(path).split("\n"), 1):
        if not line.strip():
            continue
        where = f"{path}, line {number}"
        try:
            label = Label.model_validate_json(line)
        except ValidationError as error:
            raise EvaluationError(f"{where}: {_first(error)}") from error
        whole = label.document == WHOLE_COLLECTION
        if whole and options.scope == "document":
            raise EvaluationError(f"{where}: the document {WHOLE_COLLECTION!r} needs scope collection in set.json.")
        if whole and label.verdict != "gap":
            raise EvaluationError(f"{where}: the document {WHOLE_COLLECTION!r} can only be a gap, not {label.verdict}.")
        if not whole and label.document not in documents:
            raise EvaluationError(f"{where}: there is no document {label.document!r} in {path.parent / 'documents'}.")
        if label.requirement not in targets:
            raise EvaluationError(f"{where}: the framework has no {options.level} {label.requirement!r}.")
        # One document of a collection may speak both for and against a requirement: then it has two lines.
        pair = (label.document, label.requirement, label.verdict if options.scope == "collection" else "")
        if pair in seen:
            raise EvaluationError(f"{where}: {label.document} and {label.requirement} were judged on an earlier line.")
        seen.add(pair)
        labels.append(label)
    if not labels:
        raise EvaluationError(f"{path} is empty: a set without labels measures nothing.")
    return tuple(labels)


def _site(path: Path) -> Site | None:
    if not path.exists():
        return None
    try:
        return Site.model_validate(yaml.safe_load(text_of(path)))
    except (ValidationError, yaml.YAMLError) as error:
        reason = _first(error) if isinstance(error, ValidationError) else "it is no YAML"
        raise EvaluationError(f"{path}: {reason}") from error


def _json(path: Path) -> Any:
    try:
        return json.loads(text_of(path))
    except json.JSONDecodeError as error:
        raise EvaluationError(f"{path} is no JSON: {error.msg} in line {error.lineno}.") from error


def text_of(path: Path) -> str:
    """The text of a file of a set. Raises `EvaluationError` when it cannot be read or is not UTF-8."""
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise EvaluationError(f"{path} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise EvaluationError(f"{path} is not UTF-8 text (byte {error.start + 1}); save the file as UTF-8.") from error


def _first(error: ValidationError) -> str:
    details = error.errors()[0]
    field = ".".join(str(part) for part in details["loc"])
    message = details["msg"].removeprefix("Value error, ")
    return f"{field}: {message}." if field else f"{message}."
