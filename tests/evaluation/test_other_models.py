"""Other models than the shipped ones, for real: a sentence-transformers folder, a cross-encoder of random weights."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from assistant.engine import Engine, EngineSettings
from assistant.errors import ModelError
from assistant.index.embedders import minilm_folder, with_content
from assistant.models import Site, SiteKind
from assistant.progress import silent
from evaluation.command import run
from evaluation.compare import unlike
from evaluation.result import read_measured
from evaluation.runner import EVALUATION_DAY
from evaluation.sets import load_set
from ingestion.models import DocumentRead

WATER = "Water withdrawal was 4.2 million cubic metres in 2025."
DUST = "Dust is measured at six stations every month."
CRITERIA = {"C1": {"r1": "Water withdrawal in cubic metres."}, "C2": {"r2": "Dust stations measured every month."}}
LABELS = [
    {"document": "a.txt", "requirement": "r1", "verdict": "evidence", "quotes": [WATER]},
    {"document": "a.txt", "requirement": "r2", "verdict": "evidence", "quotes": [DUST]},
]
TEXT = f"{WATER}\nThe canteen serves lunch at noon.\n{DUST}\nVisitors sign at the gate.\nTrucks are washed on Fridays."

pytestmark = [
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore:The `get_sentence_embedding_dimension`:FutureWarning"),
]


@pytest.fixture(scope="module")
def cross_encoder(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The folder of a cross-encoder of one layer whose weights are random."""
    import torch
    from transformers import AutoTokenizer, BertConfig, BertForSequenceClassification

    folder = tmp_path_factory.mktemp("models") / "tiny-cross-encoder"
    tokenizer = AutoTokenizer.from_pretrained(str(minilm_folder()))
    torch.manual_seed(7)
    size = {"hidden_size": 32, "num_hidden_layers": 1, "num_attention_heads": 2, "intermediate_size": 64}
    BertForSequenceClassification(BertConfig(vocab_size=len(tokenizer), num_labels=1, **size)).save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return str(folder)


def ranked(engine: Engine, folder: Path, read: DocumentRead) -> dict[str, list[str]]:
    """The quotes of each requirement as they are ranked."""
    eval_set = load_set(folder)
    site = Site(name="s", kinds=tuple(SiteKind))
    found = engine.match_detailed(engine.prepare([read]), eval_set.framework, site, today=EVALUATION_DAY)
    return {one.finding.requirement_id: [quote.quote for quote in one.quotes] for one in found}


def test_engine_reads_with_another_embedding_and_cross_encoder(
    make_set: Callable[..., Path], document: Callable[..., DocumentRead], cross_encoder: str
) -> None:
    folder, read = make_set("tiny", {"a.txt": TEXT}, CRITERIA, LABELS), document("a.txt", TEXT)
    minilm = str(minilm_folder())
    settings = EngineSettings(embedding=minilm, reranker=cross_encoder)
    engine = Engine(settings)
    assert engine.models["passages"] == f"sentence-transformers:{with_content(minilm)}"
    assert engine.models["reader"] == f"cross-encoder:{with_content(cross_encoder)}"
    other = ranked(engine, folder, read)
    alone = Engine(EngineSettings(embedding=minilm, reranker=""))
    assert alone.models["reader"] == "none"
    first = ranked(alone, folder, read)
    assert first["r1"][0] == WATER
    assert first["r2"][0] == DUST
    # The same candidates; what random weights prefer comes first.
    assert {name: set(quotes) for name, quotes in other.items()} == {
        name: set(quotes) for name, quotes in first.items()
    }
    assert other != first


def test_sentence_embedding_of_another_length_is_refused_in_one_sentence() -> None:
    with pytest.raises(ModelError, match=r"has vectors of 384 numbers, the evidence model learnt from 512"):
        Engine(EngineSettings(sentence_embedding=str(minilm_folder())))


def test_a_model_that_is_none_is_refused_in_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(ModelError, match=r"The embedding model .*empty' cannot be loaded"):
        Engine(EngineSettings(embedding=str(tmp_path / "empty")))


def test_evaluation_measures_the_models_of_the_settings(
    make_set: Callable[..., Path], reader: Any, cross_encoder: str, tmp_path: Path
) -> None:
    folder = make_set("tiny", {"a.txt": TEXT}, CRITERIA, LABELS)
    measure = partial(run, [folder], cache=tmp_path / "cache", reader=reader, workers=1, progress=lambda name: silent)
    shipped = measure(tmp_path / "shipped.json")
    other = measure(
        tmp_path / "other.json", settings=EngineSettings(embedding=str(minilm_folder()), reranker=cross_encoder)
    )
    assert shipped["settings"] == EngineSettings().model_dump()
    assert shipped["sets"]["tiny"]["engine"]["models"]["reader"].startswith("cross-encoder@")
    assert other["settings"]["reranker"] == cross_encoder
    assert other["sets"]["tiny"]["engine"]["models"]["reader"] == f"cross-encoder:{with_content(cross_encoder)}"
    said = unlike(read_measured(tmp_path / "shipped.json"), read_measured(tmp_path / "other.json"))
    assert f"Before and after differ in the setting reranker: shipped, then {cross_encoder}." in said
    assert f"Before and after differ in the setting embedding: minilm, then {minilm_folder()}." in said
