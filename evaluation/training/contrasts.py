"""Words of ours that teach the cross-encoder what labelled sets teach little of: what stands near, and is no evidence.

`contrasts.jsonl` holds cases of one requirement that are as near each other as can be: the same words under several
titles and headings, for what a sentence proves often hangs on where it stands, or like words in one place, of which
some name the thing and others its neighbour. `pages.jsonl` holds pieces of pages, each unit labelled with the
requirements of one criterion that it is evidence for. Both were written by language models from the catalogue alone,
without sight of the sample site or of any evaluation set.
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
from assistant.models import Criterion, Framework, Requirement
from evaluation.training.dataset import ALWAYS, Group

CONTRASTS = Path(__file__).with_name("contrasts.jsonl")
PAGES = Path(__file__).with_name("pages.jsonl")


def contrast_groups(framework: Framework, path: Path = CONTRASTS) -> list[Group]:
    """A group a contrast set. Raises KeyError when a line names a requirement that the framework does not have."""
    contrasts = _lines(path)
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
        found.append(_group(framework, "contrasts", number, criterion, requirement, texts, read, inputs, labels))
    return found


def page_groups(framework: Framework, path: Path = PAGES) -> list[Group]:
    """A group a page and requirement of its criterion. Raises KeyError for a criterion that the framework lacks."""
    criteria = {criterion.id: criterion for criterion in framework.criteria}
    pages = _lines(path)
    vectors = _vectors([unit["text"] for page in pages for unit in page["units"]])
    found: list[Group] = []
    for number, page in enumerate(pages):
        criterion = criteria[page["criterion"]]
        texts = [unit["text"] for unit in page["units"]]
        read = [placed(page["title"], page["heading"], text) for text in texts]
        every = np.arange(len(texts))
        inputs = with_neighbours(np.stack([vectors[text] for text in texts]), np.zeros_like(every), every)
        for requirement in criterion.requirements:
            labels = [requirement.id in unit["for"] for unit in page["units"]]
            found.append(_group(framework, "pages", number, criterion, requirement, texts, read, inputs, labels))
    return found


def _lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def _vectors(texts: Sequence[str]) -> dict[str, NDArray[np.float16]]:
    """The sentence vector of each text."""
    unique = list(dict.fromkeys(texts))
    return dict(zip(unique, open_embedder("use-multilingual").embed(unique).astype(np.float16), strict=True))


def _group(
    framework: Framework,
    part: str,
    number: int,
    criterion: Criterion,
    requirement: Requirement,
    texts: list[str],
    read: list[str],
    inputs: NDArray[Any],
    labels: Sequence[bool],
) -> Group:
    """A group of no document's fold and without figures; with `inputs` of no width it is for the cross-encoder only."""
    count = len(texts)
    return Group(
        set_name=f"{framework.id}:{part}",
        site=str(number),
        requirement=requirement.id,
        verdict=part,
        features=np.zeros((0, 0), dtype=np.float32),
        labels=np.asarray(labels, dtype=np.int8),
        against=np.zeros(count, dtype=np.int8),
        inputs=inputs.astype(np.float16),
        query_vector=_statement(requirement.text),
        folds=np.full(count, ALWAYS, dtype=np.int8),
        texts=texts,
        query=spoken(criterion.title, requirement),
        units=np.arange(count, dtype=np.int64),
        read=read,
    )


@lru_cache(maxsize=1024)
def _statement(text: str) -> NDArray[np.float16]:
    return _vectors([text])[text]
