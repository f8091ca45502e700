"""Writes the model card and the data card that lie beside the weights: what they learnt from, how good, for what.

Everything that changes with a training comes from the card in the weights and, once the table of aims was filled with
them, from there; the cards say of the data what they are, and hold none of their texts. After the table was filled
`python -m evaluation.training.cards` writes those of the shipped weights anew.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from assistant.catalogue import load
from assistant.errors import EvaluationError
from assistant.judge.evidence_model import NEW, WEIGHTS, load_evidence_model
from assistant.judge.features import FEATURES
from assistant.judge.reread import REREAD_FEATURES
from evaluation.aims import family_of
from evaluation.training.measured import calibration_section, contradicted_section, measured_of

MODEL_CARD, DATA_CARD = "model-card.md", "data-card.md"


@dataclass(frozen=True, slots=True)
class DataSet:
    """One set: what it holds, on which terms, and what a label in it means."""

    title: str
    size: str
    licence: str
    label: str


TRAINING: dict[str, DataSet] = {
    "aims-au": DataSet(
        "Modern slavery statements of companies against 11 legal criteria (Australia)",
        "50 documents, 550 judged pairs, 3,096 quotes",
        "CC BY 4.0 (AIMS.au, Mila)",
        "Evidence: every sentence that gives concrete information for the criterion. Gap: the whole statement was read "
        "and no sentence marked. Vague talk does not count.",
    ),
    "contractnli-dev": DataSet(
        "Non-disclosure agreements against 17 hypotheses",
        "61 documents, 1,037 judged pairs, 1,225 quotes",
        "CC BY 4.0 (ContractNLI, Stanford NLP)",
        "Evidence: the contract entails the hypothesis. Contradicted: it says the opposite. Gap: not mentioned. Quotes "
        "are all spans that were marked.",
    ),
    "cuad-dev": DataSet(
        "Commercial contracts against 38 types of clauses",
        "40 documents, 1,519 judged pairs, 578 quotes",
        "CC BY 4.0 (CUAD, The Atticus Project)",
        "Evidence: lawyers marked text of this type. Gap: they found no such clause.",
    ),
    "diras": DataSet(
        "11 questions on climate against 60 paragraphs of company reports each",
        "11 documents, 11 judged pairs, 186 quotes",
        "MIT for labels (DIRAS); report excerpts are their companies'",
        "Two experts and an adjudicator judged every paragraph: relevant, partly relevant or not.",
    ),
    "copper-docs-dev": DataSet(
        "Public texts of copper producers against the 32 criteria of the Risk Readiness Assessment",
        "60 documents, 1,782 judged pairs",
        "Labels are this project's; the texts are their owners'",
        "Evidence: quotes that speak for the criterion, with their kind. Gap: nothing on it in this document. One "
        "reader; texts that only name the topic were left out.",
    ),
    "udhr-es": DataSet(
        "Universal Declaration of Human Rights, English article to Spanish text",
        "1 document, 30 pairs", "Public domain", "The translation of the article, by its number.",
    ),
    "udhr-pl": DataSet(
        "Universal Declaration of Human Rights, English article to Polish text",
        "1 document, 30 pairs", "Public domain", "The translation of the article, by its number.",
    ),
    "udhr-zh": DataSet(
        "Universal Declaration of Human Rights, English article to Chinese text",
        "1 document, 30 pairs", "Public domain", "The translation of the article, by its number.",
    ),
    "xquad-es-cross": DataSet(
        "English questions to Spanish articles",
        "24 documents, 593 pairs",
        "CC BY-SA 4.0 (XQuAD)",
        "The sentence that holds the answer.",
    ),
}  # fmt: skip
"""Every set that may train the weights. `write_cards` refuses a set that is not described here."""

NOT_USED: dict[str, str] = {
    "gdpr-dpa-dev": "data processing agreements: no licence is stated; measured on only",
    "climretrieve-dev": "climate questions to reports: no licence is stated; measured on only",
    "kinds": "promises with and without evidence: not for commercial use; measured on only",
    "the sample site": "written by this project to try the product on: a key to measure with",
}

_FIGURES: dict[str, str] = {
    "units": "Ranking of sentences: mean average precision, out of fold",
    "units_first_look": "The same before the second look",
    "requirements": "Is there evidence at all: AUROC, out of fold",
    "ece": "Expected calibration error over all rows, out of fold",
    "kinds": "Kinds of quotes: macro F1, out of fold",
}


_CROSS_ENCODER = ("| cross-encoder | reads a requirement and a sentence together, for the best candidates only |",)


_OURS = "Apache-2.0, as this repository"
_MODELS = "written by language models"


def write_shipped_cards(folder: Path = WEIGHTS.parent) -> list[Path]:
    """Write both cards of the weights in this folder from the card that is stored beside them."""
    weights = folder / WEIGHTS.name
    card = json.loads(weights.with_suffix(".json").read_text(encoding="utf-8"))
    return write_cards(folder, card, measured_of(load_evidence_model(weights).version))


def write_cards(folder: Path, card: Mapping[str, Any], measured: Mapping[str, Any] | None = None) -> list[Path]:
    """Write both cards from the card of the weights (`sets`, `rows`, `positives`, `folds`, `figures`, `promise`, ...).

    `measured` is the table of aims, where it was filled with these weights. Raises `EvaluationError` for a set without
    a description: the data card has to name all that was trained on.
    """
    unknown = sorted(set(card["sets"]) - set(TRAINING))
    if unknown:
        raise EvaluationError(
            f"{unknown[0]} is not described in {Path(__file__).name}; described: {', '.join(TRAINING)}"
        )
    folder.mkdir(parents=True, exist_ok=True)
    pages = {MODEL_CARD: model_card(card, measured or {}), DATA_CARD: data_card(card)}
    for name, text in pages.items():
        (folder / name).write_text(text, encoding="utf-8")
    return [folder / name for name in pages]


def model_card(card: Mapping[str, Any], measured: Mapping[str, Any]) -> str:
    """What the models are, what they are for, their figures and their limits."""
    left_out = [name for name in TRAINING if name not in card["sets"]]
    out = [
        "# Model card: the evidence model",
        "",
        "Small models over sentence embeddings for one question: does this sentence speak for this requirement, and do "
        "the documents hold any evidence for it at all? They run on a processor without any language model, and their "
        "weights are arrays of numbers, never code.",
        "",
        f"- Trained: {card['trained']}",
        f"- Trained on: {', '.join(card['sets'])} (see [{DATA_CARD}]({DATA_CARD}))",
        f"- Rows: {card['rows']:,} pairs of requirement and sentence, of which {card['positives']:,} are evidence",
        f"- Folds: {card['folds']}, by document; figures below are by models that never saw the document",
        "",
        "## Intended use",
        "",
        "Proposing passages for a person to accept or reject, naming gaps with a stated bound, in reviews against a "
        "catalogue of requirements in English, with documents in the languages of the multilingual sentence embedding. "
        "Not for deciding on conformity, on a person or on a contract without a person who reads the quotes.",
        "",
        "## Parts",
        "",
        "| part | what it does |",
        "|---|---|",
        "| interaction model | compares the vectors of a requirement and of a sentence with its neighbours |",
        "| boosted trees | weigh that score with named features of words, similarity and place |",
        *(_CROSS_ENCODER if "units_first_look" in card.get("figures", {}) else ()),
        "| requirement model | from the best sentences: is there evidence in these documents at all |",
        "| kind model | commitment, procedure, record, performance data or external assurance |",
        "",
        *_columns(),
        "## Figures of this training",
        "",
        *_figures(card.get("figures", {}), card),
        *calibration_section(measured),
        "Figures on whole sets, with intervals, on sets that trained nothing and with each framework left out, are in "
        "`evaluation/results/aims.md`.",
        "",
        "## The promise",
        "",
        str(card["promise"]),
        "",
        f"A requirement is called a gap below {card['gap_below']} and supported from {card['supported_from']}; between "
        f"the two a person decides. {card['bound']}",
        "",
        *_elsewhere(card.get(NEW)),
        *contradicted_section(measured),
        "## Limits",
        "",
        "- Labels are of a few genres: company statements and reports, contracts, public texts of copper producers. "
        "Minutes, registers and scans are rarer there than in a site's folder.",
        "- Expect less on other frameworks, languages and genres than on those trained on: read the figures with the "
        "framework left out.",
        "- The promise holds for documents like those it was measured on. It is fitted again from a workspace's own "
        "decisions once there are enough.",
        "- A sentence that promises and one that reports are close in words; the kind model and rules tell them apart, "
        "not always rightly.",
        "- One reader labelled the texts of copper producers; what they missed, the model may have learnt to miss.",
        "",
        "## Train it again",
        "",
        "```",
        "python -m evaluation.training --data DIR" + "".join(f" --leave-out {name}" for name in left_out),
        "```",
        "",
        "DIR is the folder of the sets. Of most learnt parts several models are averaged, and the cross-encoder passes "
        "over several draws, so that no draw decides alone. The seeds are fixed; another machine or another version of "
        "a library can move the figures a little.",
    ]
    return "\n".join(out) + "\n"


def _elsewhere(answers: Mapping[str, Any] | None) -> list[str]:
    """What holds for frameworks that nothing learnt from, where weights for these were trained."""
    if answers is None:
        return []
    return [
        "## Frameworks that nothing learnt from",
        "",
        "Where most requirements of a framework are unlike all that the models learnt from, other trees stand beside "
        "these ones and another requirement model judges. Both learnt from frameworks that were left out of all other "
        "parts in turn; the figures of this section are of these frameworks.",
        "",
        str(answers["promise"]),
        "",
        f"A requirement is called a gap below {answers['gap_below']} and supported from {answers['supported_from']}.",
        "",
        *_figures(answers["figures"], answers),
    ]


def data_card(card: Mapping[str, Any]) -> str:
    """Which sets trained the weights, on which terms, what a label means, and what was not used."""
    out = [
        "# Data card: what the evidence model learnt from",
        "",
        "None of the texts of the sets is part of this repository. The weights are numbers fitted to pairs of a "
        "requirement and a sentence; no text is stored in them.",
        "",
        "## Sets that trained the weights",
        "",
        "| set | what | size | terms |",
        "|---|---|---|---|",
    ]
    used = {name: TRAINING[name] for name in card["sets"]}
    out += [f"| `{name}` | {one.title} | {one.size} | {one.licence} |" for name, one in used.items()]
    out += ["", "## Words of our own that taught them", "", *_own_words()]
    out += ["", "## What a label means", ""]
    meanings: dict[str, list[str]] = {}
    for name, one in used.items():
        meanings.setdefault(one.label, []).append(f"`{name}`")
    out += [f"- {', '.join(names)}: {meaning}" for meaning, names in meanings.items()]
    out += [
        "",
        "A sentence is a positive row if a quote covers half of it or it covers half of a quote, else a negative one. "
        "Of the negative rows the hardest and a random part are kept. In words of ours a label was given by who wrote "
        "them: what a page or a sentence was written to prove.",
        "",
        "## Not used, and why",
        "",
    ]
    out += [f"- `{name}`: {TRAINING[name].title}: left out of this training" for name in TRAINING if name not in used]
    out += [f"- {name if ' ' in name else f'`{name}`'}: {why}" for name, why in NOT_USED.items()]
    kin = sorted({family_of(name) for name in used})
    out += [
        "",
        f"Other documents of the same families ({', '.join(kin)}) may be measured on: figures there are of documents "
        "that the model never saw, under requirements that it did.",
    ]
    return "\n".join(out) + "\n"


def _own_words() -> list[str]:
    """A table of what this project wrote to learn from; sizes are counted in its files."""
    here = Path(__file__).parent
    contrasts, pages, worlds = (_lines(here / f"{name}.jsonl") for name in ("contrasts", "pages", "worlds"))
    kinds = yaml.safe_load((here / "kind_examples.yaml").read_text(encoding="utf-8"))
    requirements = [requirement for criterion in load().criteria for requirement in criterion.requirements]
    phrases = sum(len(one.probes) + sum(map(len, one.terms.values())) for one in requirements)
    in_worlds = [page for world in worlds for page in world["pages"]]
    rows = (
        ("`contrasts.jsonl`", "Cases of one requirement that are alike, of which some are evidence",
         f"{len(contrasts):,} sets, {_total(one['cases'] for one in contrasts):,} cases",
         f"{_MODELS} from the catalogue alone"),
        ("`pages.jsonl`", "Pieces of pages, each sentence with the requirements it is evidence for",
         f"{len(pages):,} pages, {_total(one['units'] for one in pages):,} sentences",
         f"{_MODELS} from the catalogue alone"),
        ("`worlds.jsonl`", "Such pages under small frameworks of other fields",
         f"{len(worlds):,} frameworks, {_total(one['requirements'] for one in worlds):,} requirements, "
         f"{len(in_worlds):,} pages, {_total(page['units'] for page in in_worlds):,} sentences",
         f"{_MODELS} without any source"),
        ("`kind_examples.yaml`", "Example sentences of each kind of evidence, for the kind model",
         f"{_total(kinds.values()):,} sentences", "written by this project"),
        ("the catalogue", "What a document would say on a requirement, in nine languages",
         f"{len(requirements):,} requirements, {phrases:,} phrases", "written by this project"),
    )  # fmt: skip
    head = ["| file | what | size | made | terms |", "|---|---|---|---|---|"]
    return [
        *head,
        *(f"| {' | '.join(row)} | {_OURS} |" for row in rows),
        "",
        "None was written with sight of the sample site or of an evaluation set.",
    ]


def _lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def _total(parts: Iterable[Any]) -> int:
    return sum(len(part) for part in parts)


def _columns() -> list[str]:
    looks = (("", FEATURES), (" of the second look", REREAD_FEATURES))
    return [
        line
        for which, names in looks
        for line in (f"Features of the trees{which}: {', '.join(f'`{name}`' for name in names)}.", "")
    ]


def _note(group: str, card: Mapping[str, Any]) -> list[str]:
    """What has to be known of a group of figures before it is read."""
    if group != "ece":
        return []
    share = card["positives"] / card["rows"]
    return [
        f"It is small by itself: of {card['rows']:,} rows {share:.0%} are evidence, so that for most next to nothing "
        "is stated and next to nothing is there. What a reader meets are findings and shown quotes, below.",
        "",
    ]


def _figures(figures: Mapping[str, Any], card: Mapping[str, Any]) -> list[str]:
    """One table for each group of figures; a lone figure stands in a line of its own."""
    out: list[str] = []
    for group, values in sorted(figures.items(), key=lambda item: [*_FIGURES, item[0]].index(item[0])):
        title = _FIGURES.get(group, group.replace("_", " ").capitalize())
        if not isinstance(values, Mapping):
            out += [f"{title}: {_shown(values)}", "", *_note(group, card)]
            continue
        out += [f"{title}:", "", "| set | figure |", "|---|---|"]
        out += [*(f"| `{name}` | {_shown(value)} |" for name, value in values.items()), "", *_note(group, card)]
    return out


def _shown(value: Any) -> str:
    return f"{value:.3f}" if isinstance(value, float) else str(value)


if __name__ == "__main__":
    write_shipped_cards()
