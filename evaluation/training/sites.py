"""Which documents stand behind a judged pair of a drawn site: those that the bound on gaps draws again.

The sites of one fold are drawn from the same documents and overlap, up to holding all of them. So a site is no unit of
its own; its documents are.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from evaluation.sets import EvaluationSet, load_set
from evaluation.training.dataset import DISTRACTORS, FOLDS, SEED, SUBSET_SIZES, SUBSETS_A_FOLD, Group, fold
from evaluation.training.kept import DISTRACTOR_SETS


def site_documents(eval_set: EvaluationSet, distractors: int) -> dict[str, tuple[str, ...]]:
    """The documents of the set in each site that `dataset.subset_groups` draws, by the site's name.

    It draws as that function does; `distractors` is how many documents of other sets that one chooses from.
    """
    rng = np.random.default_rng(SEED)
    found: dict[str, tuple[str, ...]] = {}
    for number in range(FOLDS):
        pool = sorted(name for name in eval_set.documents if fold(name) == number)
        for turn in range(SUBSETS_A_FOLD):
            size = min(len(pool), SUBSET_SIZES[turn % len(SUBSET_SIZES)])
            found[f"{eval_set.name}:{number}.{turn}"] = tuple(map(str, rng.choice(pool, size, replace=False)))
            if count := min(distractors, DISTRACTORS[turn % len(DISTRACTORS)]):
                rng.choice(distractors, count, replace=False)
    return found


def behind(groups: Sequence[Group], data: Path) -> list[tuple[str, ...]]:
    """For each group the documents that its verdict hangs on, of the sets in the folder `data`.

    Of a drawn site these are the ones that hold the evidence, or all where there is none; else it is the site itself.
    """
    drawn = {group.set_name.removesuffix(":sites") for group in groups if group.set_name.endswith(":sites")}
    sets = {name: load_set(data / name) for name in drawn}
    around = [data / name for name in DISTRACTOR_SETS if drawn and (data / name).is_dir()]
    distractors = sum(len(load_set(folder).documents) for folder in around)
    sites = {site: names for one in sets.values() for site, names in site_documents(one, distractors).items()}
    holding = {name: _holding(one) for name, one in sets.items()}
    found: list[tuple[str, ...]] = []
    for group in groups:
        of_site = sites.get(group.site)
        if of_site is None:
            found.append((f"{group.set_name} {group.site}",))
            continue
        holds = holding[group.set_name.removesuffix(":sites")].get(group.requirement, set())
        found.append(tuple(name for name in of_site if name in holds) or of_site)
    return found


def _holding(eval_set: EvaluationSet) -> Mapping[str, set[str]]:
    """By requirement the documents with a quote that is labelled for it."""
    found: dict[str, set[str]] = {}
    for label in eval_set.labels:
        if label.verdict == "evidence":
            for requirement in {one for element in label.elements for one in element}:
                found.setdefault(requirement, set()).add(label.document)
    return found
