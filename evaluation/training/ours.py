"""Words of ours that teach the cross-encoder what labelled sets teach little of: what stands near, and is no evidence.

`contrasts.jsonl` holds cases of one requirement that are as near each other as can be: the same words under several
titles and headings, for what a sentence proves often hangs on where it stands, or like words in one place, of which
some name the thing and others its neighbour. `pages.jsonl` holds pieces of pages, each unit labelled with the
requirements of one criterion that it is evidence for. Both were written by language models from the catalogue alone.
`worlds.jsonl` holds such pages under small frameworks of other fields, written without any source, so that what is
learnt carries to frameworks that were never seen. None was written with sight of the sample site or of an evaluation
set.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assistant.index.embedders import open_embedder
from assistant.judge.interaction import with_neighbours
from assistant.judge.reading import placed, spoken
from assistant.models import Framework, Requirement
from evaluation.training.dataset import ALWAYS, Group

CONTRASTS = Path(__file__).with_name("contrasts.jsonl")
PAGES = Path(__file__).with_name("pages.jsonl")
WORLDS = Path(__file__).with_name("worlds.jsonl")


def our_groups(framework: Framework) -> list[Group]:
    """All groups of this module, under the requirements of the catalogue and of frameworks of ours."""
    return [*contrast_groups(framework), *page_groups(framework), *world_groups()]


def contrast_groups(framework: Framework) -> list[Group]:
    """A group a contrast set. Raises KeyError when a line names a requirement that the framework does not have."""
    contrasts = _lines(CONTRASTS)
    vectors = _vectors([case["text"] for contrast in contrasts for case in contrast["cases"]])
    found: list[Group] = []
    for number, contrast in enumerate(contrasts):
        criterion, requirement = framework.find(contrast["requirement"])
        cases = contrast["cases"]
        texts = [case["text"] for case in cases]
        read = [placed(case["title"], case["heading"], case["text"]) for case in cases]
        own = np.stack([vectors[text] for text in texts])
        inputs = np.hstack([own, own]) if len(set(texts)) > 1 else np.zeros((len(texts), 0), dtype=np.float16)
        labels = [case["evidence"] for case in cases]
        query = spoken(criterion.title, requirement)
        found.append(_group("contrasts", str(number), requirement, query, texts, read, inputs, labels))
    return found


def page_groups(framework: Framework) -> list[Group]:
    """A group a page and requirement of its criterion. Raises KeyError for a criterion that the framework lacks."""
    criteria = {criterion.id: criterion for criterion in framework.criteria}
    by_criterion: dict[str, list[dict[str, Any]]] = {}
    for page in _lines(PAGES):
        by_criterion.setdefault(page["criterion"], []).append(page)
    return [
        group
        for name, pages in by_criterion.items()
        for group in _groups("pages", name, [(criteria[name].title, one) for one in criteria[name].requirements], pages)
    ]


def world_groups() -> list[Group]:
    """A group a page and requirement of a framework of ours."""
    found: list[Group] = []
    for world in _lines(WORLDS):
        asked = [
            (one["title"], Requirement(id=one["id"], text=one["text"], definition=one["definition"]))
            for one in world["requirements"]
        ]
        found += _groups("worlds", world["field"], asked, world["pages"])
    return found


def _groups(
    part: str, site: str, asked: Sequence[tuple[str, Requirement]], pages: Sequence[dict[str, Any]]
) -> list[Group]:
    """A group for each page and each requirement, which stands behind its title."""
    vectors = _vectors([unit["text"] for page in pages for unit in page["units"]])
    found: list[Group] = []
    for number, page in enumerate(pages):
        texts = [unit["text"] for unit in page["units"]]
        read = [placed(page["title"], page["heading"], text) for text in texts]
        every = np.arange(len(texts))
        inputs = with_neighbours(np.stack([vectors[text] for text in texts]), np.zeros_like(every), every)
        for title, requirement in asked:
            labels = [requirement.id in unit["for"] for unit in page["units"]]
            query = spoken(title, requirement)
            found.append(_group(part, f"{site}:{number}", requirement, query, texts, read, inputs, labels))
    return found


def _lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def _vectors(texts: Sequence[str]) -> dict[str, NDArray[np.float16]]:
    """The sentence vector of each text."""
    unique = list(dict.fromkeys(texts))
    return dict(zip(unique, open_embedder("use-multilingual").embed(unique).astype(np.float16), strict=True))


@lru_cache(maxsize=1024)
def _statement(text: str) -> NDArray[np.float16]:
    return _vectors([text])[text]


def _group(
    part: str,
    site: str,
    requirement: Requirement,
    query: str,
    texts: list[str],
    read: list[str],
    inputs: NDArray[Any],
    labels: Sequence[bool],
) -> Group:
    """A group of no document's fold and without figures; with `inputs` of no width it is for the cross-encoder only."""
    count = len(texts)
    return Group(
        set_name=f"ours:{part}",
        site=site,
        requirement=requirement.id,
        verdict=part,
        features=np.zeros((0, 0), dtype=np.float32),
        labels=np.asarray(labels, dtype=np.int8),
        against=np.zeros(count, dtype=np.int8),
        inputs=inputs.astype(np.float16),
        query_vector=_statement(requirement.text),
        folds=np.full(count, ALWAYS, dtype=np.int8),
        texts=texts,
        query=query,
        units=np.arange(count, dtype=np.int64),
        read=read,
    )
