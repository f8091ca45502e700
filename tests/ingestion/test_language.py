"""The language of passages and documents."""

from __future__ import annotations

import pytest

from ingestion import detect_language
from ingestion.language import language_shares


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("The company keeps a register of grievances from the community.", "en"),
        ("La empresa mantiene un registro de quejas de la comunidad.", "es"),
        ("A empresa mantém um registro das reclamações da comunidade e não cobra.", "pt"),
        ("Zakład prowadzi rejestr skarg mieszkańców i odpowiada na nie w terminie.", "pl"),
        ("Das Unternehmen führt ein Verzeichnis der Beschwerden aus der Nachbarschaft.", "de"),
        ("L'entreprise tient un registre des plaintes de la communauté.", "fr"),
        ("公司保存社区投诉登记表并定期答复。", "zh"),
        ("Perusahaan memiliki daftar keluhan masyarakat dan menanggapinya.", "id"),
        ("会社は地域社会からの苦情を記録し、対応しています。", "ja"),
    ],
)
def test_the_catalogues_languages_are_told_apart(text: str, code: str):
    found, confidence = detect_language(text)
    assert (found, confidence > 0.5) == (code, True)


def test_no_letters_no_language():
    assert detect_language("12.5 % / 2024") == ("", 0.0)


def test_the_document_decides_for_a_few_words():
    assert detect_language("Total anual", {"es": 1.0})[0] == "es"
    assert detect_language("Total anual", {"pt": 1.0})[0] == "pt"


def test_shares_by_letters():
    english, spanish = "The mine has a permit for water. " * 9, "La mina tiene un permiso de agua. "
    shares = language_shares([english, spanish])
    assert list(shares) == ["en", "es"]
    assert shares["en"] > 0.8
