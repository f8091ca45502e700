from pathlib import Path

import numpy as np
import pytest

from assistant.errors import ModelError
from assistant.index.cross_encoder import SHIPPED, ShippedCrossEncoder, as_pair, open_reader
from assistant.index.embedders import minilm_folder, with_content

ASKED = "The site trains its employees, managers and contractors on human rights."
SAID = (
    "All guards took the eight-hour course on human rights between September and November 2025.",
    "The dam safety review was completed in March 2025.",
    "Zażółć gęślą jaźń 权利",
    " ",
)


def test_a_fitting_sentence_scores_higher_and_company_does_not_matter() -> None:
    reader = open_reader(SHIPPED)
    assert reader is not None
    scores = reader.embed([as_pair(ASKED, text) for text in SAID])
    assert scores.shape == (4, 1)
    assert np.isfinite(scores).all()
    assert scores[0, 0] > scores[1, 0] + 1
    alone = reader.embed([as_pair(ASKED, SAID[1])])
    np.testing.assert_allclose(alone[0], scores[1], atol=1e-3)
    assert reader.embed([]).shape == (0, 1)


def test_the_graph_gives_what_the_trained_network_gives() -> None:
    import torch

    from assistant.index.cross_encoder import QUERY_TOKENS, UNIT_TOKENS, WEIGHTS
    from assistant.index.cross_network import base_model, restored
    from evaluation.training.cross import States, tensors

    model = base_model()
    states = States(model)
    query, unit = states.numbers([ASKED] * 2, QUERY_TOKENS), states.numbers(SAID[:2], UNIT_TOKENS)
    with np.load(WEIGHTS) as data, torch.inference_mode():
        expected = restored(model, dict(data))(*tensors(states, query, unit)).numpy()
    reader = open_reader(SHIPPED)
    assert reader is not None
    np.testing.assert_allclose(reader.embed([as_pair(ASKED, text) for text in SAID[:2]])[:, 0], expected, atol=2e-2)


def test_what_is_kept_between_calls_stays_small_and_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    from assistant.index import cross_encoder

    pairs = [as_pair(ASKED, text) for text in SAID]
    expected = ShippedCrossEncoder().embed(pairs)
    monkeypatch.setattr(cross_encoder, "_KEPT_BYTES", 20_000)
    small = ShippedCrossEncoder()
    for _ in range(3):
        np.testing.assert_array_equal(small.embed(pairs), expected)
        assert sum(part.nbytes for part in small._kept.values()) == small._kept_bytes <= 20_000
    assert small._kept


def test_no_reader_for_an_empty_name_and_a_sentence_for_what_cannot_be_loaded(tmp_path: Path) -> None:
    assert open_reader("") is None
    with pytest.raises(ModelError, match=r"x\.npz is missing; reinstall Assay, or train it"):
        ShippedCrossEncoder(tmp_path / "x.npz")
    with pytest.raises(ModelError, match=r"The cross-encoder '.*' cannot be loaded: "):
        open_reader(str(tmp_path))


def test_any_cross_encoder_of_sentence_transformers_reads_pairs(tmp_path: Path) -> None:
    import torch
    from transformers import AutoTokenizer, BertConfig, BertForSequenceClassification

    tokenizer = AutoTokenizer.from_pretrained(str(minilm_folder()))
    torch.manual_seed(0)
    config = BertConfig(
        vocab_size=len(tokenizer), num_labels=1, hidden_size=16, num_hidden_layers=1, num_attention_heads=2,
        intermediate_size=16,
    )  # fmt: skip
    BertForSequenceClassification(config).save_pretrained(tmp_path)
    tokenizer.save_pretrained(tmp_path)
    reader = open_reader(str(tmp_path))
    assert reader is not None
    scores = reader.embed([as_pair(ASKED, text) for text in SAID])
    assert scores.shape == (len(SAID), 1)
    assert len(set(scores[:3, 0].tolist())) == 3
    assert reader.name == f"cross-encoder:{with_content(str(tmp_path))}"
