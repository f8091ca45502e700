"""What a person names on the command line: a criterion, a requirement, a quote by its key, a document."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from assistant.errors import NotFoundError
from assistant.models import Criterion, Framework, Requirement

if TYPE_CHECKING:
    from assistant.service.views import DocumentView, EvidenceView, FindingView

SHORTEST_KEY = 4
"""Fewer characters of a key would too often name another quote by mistake."""


def criterion(framework: Framework, named: str) -> Criterion:
    """The criterion with this id or number. Raises `NotFoundError`."""
    for found in framework.criteria:
        if named.casefold() in (found.id.casefold(), str(found.number)):
            return found
    first, last = framework.criteria[0].id, framework.criteria[-1].id
    raise NotFoundError(f"There is no criterion '{named}' in {framework.id}; they run from {first} to {last}.")


def requirement(framework: Framework, named: str) -> Requirement:
    """The requirement with this id. Raises `NotFoundError` that lists those of the criterion, if that one exists."""
    for found in framework.criteria:
        for item in found.requirements:
            if item.id.casefold() == named.casefold():
                return item
    head = named.rpartition(".")[0]
    if not head:
        criterion(framework, named)  # a bare number is meant for a criterion; one that is not there is named as such
    own = [item.id for found in framework.criteria if found.id == head for item in found.requirements]
    hint = f"; criterion {head} has {', '.join(own)}" if own else ", which has ids such as " + _example(framework)
    raise NotFoundError(f"There is no requirement '{named}' in {framework.id}{hint}.")


def is_criterion(framework: Framework, named: str) -> bool:
    """Whether `named` is a criterion's id or number."""
    return any(named.casefold() in (found.id.casefold(), str(found.number)) for found in framework.criteria)


def evidence(findings: Sequence[FindingView], key: str) -> EvidenceView:
    """The proposed quote whose key starts with `key`. Raises `NotFoundError` when there is none, or more than one."""
    if len(key) < SHORTEST_KEY:
        raise NotFoundError(f"'{key}' is too short for a key; give at least {SHORTEST_KEY} characters of it.")
    found = {
        view.evidence.key: view
        for finding in findings
        for view in (*finding.evidence, *([finding.best] if finding.best else []))
        if view.evidence.key.startswith(key.casefold())
    }
    if not found:
        raise NotFoundError(
            f"No quote proposed by the latest run has the key '{key}'; `assay show 19.c` shows those of a requirement."
        )
    if len(found) > 1:
        which = ", ".join(f"{name[:12]} ({view.evidence.requirement_id})" for name, view in sorted(found.items()))
        raise NotFoundError(f"The key '{key}' names {len(found)} quotes: {which}; give more of it.")
    return next(iter(found.values()))


def document(documents: Sequence[DocumentView], named: str) -> DocumentView:
    """The document with this file name, or whose key (SHA-256) starts with `named`. Raises `NotFoundError`."""
    by_name = [item for item in documents if item.name == named]
    by_key = [item for item in documents if len(named) >= SHORTEST_KEY and item.sha256.startswith(named.casefold())]
    found = by_name or by_key
    if not found:
        raise NotFoundError(f"There is no document '{named}' in this workspace; `assay documents` lists them.")
    if len(found) > 1:
        keys = ", ".join(item.sha256[:12] for item in found)
        raise NotFoundError(f"'{named}' names {len(found)} documents; give one of the keys {keys}.")
    return found[0]


def _example(framework: Framework) -> str:
    return framework.criteria[0].requirements[0].id
