import os
from pathlib import Path

import numpy as np
import pytest

from assistant.index.embedders import MiniLM, SentenceTransformerEmbedder, minilm_folder, open_embedder, with_content

TEXTS = [
    "Expiration date",
    "Dust is measured at ten points and reported to the regulator every month.",
    "El agua se recircula.",
    "",
    "The dam was inspected by the Engineer of Record, who found no defect. " * 30,
]


@pytest.mark.slow
def test_minilm_gives_the_vectors_of_sentence_transformers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(os.environ, "HF_HUB_OFFLINE", "1")
    from sentence_transformers import SentenceTransformer

    theirs = SentenceTransformer(str(minilm_folder()), device="cpu").encode(
        TEXTS, normalize_embeddings=True, show_progress_bar=False
    )
    ours = MiniLM().embed(TEXTS)
    np.testing.assert_allclose((ours * theirs).sum(axis=1), 1.0, atol=1e-4)


def test_a_text_has_the_same_vector_alone_and_among_others() -> None:
    embedder = open_embedder("minilm")
    together = embedder.embed(TEXTS)
    assert together.shape == (len(TEXTS), embedder.dimension)
    for text, vector in zip(TEXTS, together, strict=True):
        assert (embedder.embed([text])[0] == vector).all(), text


def test_short_texts_on_different_things_are_not_alike() -> None:
    one, other = open_embedder("minilm").embed(["Expiration date", "Simple mail protocol"])
    assert float(one @ other) < 0.3


@pytest.mark.slow
def test_any_model_of_sentence_transformers_embeds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(os.environ, "HF_HUB_OFFLINE", "1")
    other = SentenceTransformerEmbedder(str(minilm_folder()))
    vectors = other.embed(TEXTS)
    assert vectors.shape == (len(TEXTS), other.dimension) == (len(TEXTS), 384)
    np.testing.assert_allclose((vectors * MiniLM().embed(TEXTS)).sum(axis=1), 1.0, atol=1e-4)
    assert other.embed([]).shape == (0, 384)


def test_another_model_in_the_same_folder_has_another_name(tmp_path: Path) -> None:
    assert with_content("some/model") == "some/model"
    (tmp_path / "model.bin").write_bytes(b"one")
    first = with_content(str(tmp_path))
    assert first.startswith(f"{tmp_path}@")
    (tmp_path / "model.bin").write_bytes(b"two")
    second = with_content(str(tmp_path))
    (tmp_path / "model.bin").rename(tmp_path / "other.bin")
    assert len({first, second, with_content(str(tmp_path))}) == 3
    (tmp_path / "other.bin").rename(tmp_path / "model.bin")
    assert with_content(str(tmp_path)) == second
