import os

import numpy as np
import pytest

from assistant.index.embedders import MiniLM, minilm_folder, open_embedder

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
