"""What will be done at a stated time is a promise in any of nine languages; rules, records and validity are not."""

from __future__ import annotations

from datetime import date

import pytest

from assistant.judge.promises import is_promise

TODAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    "text",
    [
        "By 2028 shielded lamps of warm colour will be installed along the mine road.",
        "An assessment by an independent third party is planned for 2027.",
        "We will complete the remaining audits by the end of 2026.",
        "Las lámparas se instalarán durante 2027 en el camino de la mina.",
        "Cinco años antes del cierre la empresa elaborará un programa de transición para sus trabajadores.",
        "A avaliação de direitos humanos será realizada até 2028.",
        "Do 2028 roku zostanie zbudowana nowa oczyszczalnia.",
        "Bis 2028 wird eine zweite Filteranlage gebaut.",
        "Une station de traitement sera construite d'ici 2029.",
        "公司将于2028年前完成尾矿库闭库工程。",
        "Penilaian risiko akan dilakukan pada tahun 2027.",
        "2028年度までに新しい集じん機を導入する予定です。",
    ],
)
def test_promises(text: str) -> None:
    assert is_promise(text, TODAY)


@pytest.mark.parametrize(
    "text",
    [
        "Shielded lamps were installed in 2025 along the mine road.",
        "All 118 guards took the course in 2025; the next course is due in 2027.",
        "In 2025 we trained 236 of 240 people, and will train the rest in 2027.",
        # Rules without a date, and what is in force.
        "The supervisor will inspect the pond every week.",
        "El supervisor revisará el depósito cada semana.",
        "La presente autorización tendrá una vigencia de tres años, hasta el 12 de febrero de 2027.",
        "This certificate will remain valid until 21 April 2028.",
        "Certificado otorgado el 22 de abril de 2025, vigente hasta el 21 de abril de 2028.",
        # Past and present times.
        "By 2024 lamps will be installed along the road.",
        "The budget of 2027 holds USD 4 million for lamps.",
        "The company will not sell its water rights in 2028.",
        "La primera carretera de la mina está en servicio; su manera de operar rige en 2027.",
        "2025年公司已完成尾矿库安全评估。",
        "",
    ],
)
def test_no_promises(text: str) -> None:
    assert not is_promise(text, TODAY)


def test_a_quote_that_also_tells_of_something_done_is_no_mere_promise() -> None:
    done = "The first phase was completed in March 2026."
    promised = "The second phase will be built in 2027."
    assert is_promise(promised, TODAY)
    assert not is_promise(f"{done} {promised}", TODAY)


def test_the_day_decides_what_is_still_to_come() -> None:
    text = "A third tailings cell will be built in 2026."
    assert is_promise(text, date(2025, 6, 1))
    assert not is_promise(text, TODAY)
