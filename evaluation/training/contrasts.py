"""Contrast sets of ours for the cross-encoder: cases of one requirement as near each other as can be, evidence or not.

Half of them hold the same words under several titles and headings, for what a sentence proves often hangs on where it
stands; the others hold like words in one place, of which some name the thing and others only its neighbour. Labelled
sets teach little of either. `contrasts.jsonl` was written by language models from the catalogue alone, without sight
of the sample site or of any evaluation set.
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np

from assistant.judge.reading import placed, spoken
from assistant.models import Framework
from evaluation.training.dataset import ALWAYS, Group

CONTRASTS = Path(__file__).with_name("contrasts.jsonl")


def contrast_groups(framework: Framework, path: Path = CONTRASTS) -> list[Group]:
    """A group a contrast set, for the cross-encoder only (no figures, no vectors).

    Raises KeyError when a line names a requirement that the framework does not have.
    """
    found: list[Group] = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines()):
        contrast = json.loads(line)
        criterion, requirement = framework.find(contrast["requirement"])
        cases = contrast["cases"]
        labels = np.asarray([case["evidence"] for case in cases], dtype=np.int8)
        found.append(
            Group(
                set_name=f"{framework.id}:contrasts",
                site=str(number),
                requirement=requirement.id,
                verdict="contrasts",
                features=np.zeros((0, 0), dtype=np.float32),
                labels=labels,
                against=np.zeros(len(labels), dtype=np.int8),
                inputs=np.zeros((len(labels), 0), dtype=np.float16),
                query_vector=np.zeros(0, dtype=np.float16),
                folds=np.full(len(labels), ALWAYS, dtype=np.int8),
                texts=[case["text"] for case in cases],
                query=spoken(criterion.title, requirement),
                units=np.arange(len(labels), dtype=np.int64),
                read=[placed(case["title"], case["heading"], case["text"]) for case in cases],
            )
        )
    return found
