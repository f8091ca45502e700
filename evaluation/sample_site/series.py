"""Tables of measured figures, made from fixed seeds so that they are the same every time.

`series(name)` gives rows of text whose first row is the header. Texts that quote a figure use hand-written tables
instead: nothing here is marked as a quote.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from datetime import date, timedelta

Rows = tuple[tuple[str, ...], ...]

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
MESES = ("Ene", "Feb", "Mar", "Abr", "May", "Jun", "Jul", "Ago", "Sep", "Oct", "Nov", "Dic")


def series(name: str) -> Rows:
    """The table with this name. Raises `KeyError` naming the possible ones when there is none."""
    if name not in TABLES:
        raise KeyError(f"no table of figures {name!r}; there are {', '.join(TABLES)}")
    return tuple(TABLES[name]())


def _dice(seed: int) -> random.Random:
    return random.Random(seed)  # noqa: S311 - figures of a fiction, no secrets


def _around(dice: random.Random, middle: float, spread: float, digits: int = 0) -> str:
    return f"{middle + dice.uniform(-spread, spread):.{digits}f}"


def _smelter_months() -> Iterator[tuple[str, ...]]:
    dice = _dice(20)
    yield (
        "Month 2025",
        "Sulphur in feed (t)",
        "Acid produced (t)",
        "SO2 capture (%)",
        "Stack SO2 (t)",
        "Stack PM (t)",
        "Stack As (kg)",
    )
    for month in MONTHS:
        yield (
            month,
            _around(dice, 9800, 500),
            _around(dice, 29200, 1400),
            _around(dice, 96.4, 0.5, 1),
            _around(dice, 702, 60),
            _around(dice, 11.5, 2, 1),
            _around(dice, 910, 120),
        )


def _piezometers() -> Iterator[tuple[str, ...]]:
    dice = _dice(19)
    yield "Date", "Instrument", "Section", "Level (m a.s.l.)", "Green limit", "Amber limit", "Red limit", "State"
    base = {f"PZ-{n:02d}": 1840.0 + 2.1 * n for n in range(1, 15)}
    for month in range(1, 11):
        for name, level in base.items():
            value = level + 0.06 * month + dice.uniform(-0.4, 0.4)
            limits = (level + 1.5, level + 3.0, level + 4.5)
            state = "amber" if name == "PZ-09" and month == 7 else "green"
            shown = limits[0] + 0.3 if state == "amber" else value
            yield (
                f"2026-{month:02d}-15",
                name,
                f"S{1 + int(name[3:]) // 4}",
                f"{shown:.2f}",
                *(f"{limit:.2f}" for limit in limits),
                state,
            )


def _pond() -> Iterator[tuple[str, ...]]:
    dice = _dice(191)
    yield (
        "Week ending",
        "Pond level (m a.s.l.)",
        "Freeboard (m)",
        "Beach width (m)",
        "Seepage flow (L/s)",
        "Turbidity (NTU)",
    )
    day = date(2025, 11, 30)
    for week in range(50):
        level = 1861.2 + 0.035 * week + dice.uniform(-0.1, 0.1)
        yield (
            str(day + timedelta(7 * week)),
            f"{level:.2f}",
            f"{1868.0 - level:.2f}",
            _around(dice, 215, 18),
            _around(dice, 7.9, 0.7, 1),
            _around(dice, 4.2, 1.6, 1),
        )


def _water_balance() -> Iterator[tuple[str, ...]]:
    dice = _dice(17)
    yield (
        "Mes 2025",
        "Extracción río (m3)",
        "Pozos (m3)",
        "Recuperada relaves (m3)",
        "Recirculada (m3)",
        "Evaporación (m3)",
        "Descarga D1 (m3)",
    )
    for month in MESES:
        yield (
            month,
            _around(dice, 402000, 18000),
            _around(dice, 151000, 9000),
            _around(dice, 1110000, 60000),
            _around(dice, 640000, 30000),
            _around(dice, 205000, 40000),
            _around(dice, 61000, 7000),
        )


def _wells() -> Iterator[tuple[str, ...]]:
    dice = _dice(171)
    yield "Pozo", "Fecha", "Nivel (m)", "pH", "Sulfato (mg/L)", "Cu (mg/L)", "As (mg/L)", "Mo (mg/L)"
    for quarter in ("2025-12-10", "2026-03-11", "2026-06-10", "2026-09-09"):
        for well, depth, sulphate in (
            ("PM-01", 18, 210),
            ("PM-02", 22, 260),
            ("PM-03", 31, 480),
            ("PM-04", 27, 390),
            ("PM-05", 35, 150),
            ("PM-06", 40, 145),
            ("PM-07", 29, 175),
            ("PM-08", 44, 120),
        ):
            yield (
                well,
                quarter,
                _around(dice, depth, 0.6, 1),
                _around(dice, 7.3, 0.2, 1),
                _around(dice, sulphate, 20),
                _around(dice, 0.03, 0.015, 3),
                _around(dice, 0.006, 0.003, 3),
                _around(dice, 0.05, 0.02, 2),
            )


def _discharge() -> Iterator[tuple[str, ...]]:
    dice = _dice(172)
    yield "Mes", "Caudal (L/s)", "pH", "Sulfato (mg/L)", "Cu (mg/L)", "As (mg/L)", "SST (mg/L)"
    for number in range(12):
        month = (10 + number) % 12
        yield (
            f"{MESES[month]} {2025 if number < 2 else 2026}",
            _around(dice, 23, 3, 1),
            _around(dice, 7.6, 0.3, 1),
            _around(dice, 720, 90),
            _around(dice, 0.4, 0.15, 2),
            _around(dice, 0.12, 0.05, 2),
            _around(dice, 28, 9),
        )


def _energy() -> Iterator[tuple[str, ...]]:
    dice = _dice(16)
    yield (
        "Month",
        "Grid electricity (MWh)",
        "Solar PPA (MWh)",
        "Diesel (m3)",
        "Natural gas (thousand m3)",
        "Fuel oil (t)",
        "Coke (t)",
        "Total (GJ)",
    )
    for year in (2024, 2025):
        for month in MONTHS:
            figures = [
                dice.uniform(52000, 56000),
                dice.uniform(9000, 14000),
                dice.uniform(3050, 3350),
                dice.uniform(980, 1120),
                dice.uniform(410, 500),
                dice.uniform(240, 300),
            ]
            factors = (3.6, 3.6, 38.6, 37.3, 40.4, 28.2)
            total = sum(a * b for a, b in zip(figures, factors, strict=True))
            yield (f"{month} {year}", *(f"{figure:.0f}" for figure in figures), f"{total:.0f}")


def _dust() -> Iterator[tuple[str, ...]]:
    dice = _dice(23)
    yield (
        "Month 2026",
        "La Vega PM10",
        "Los Sauces PM10",
        "La Vega PM2.5",
        "Los Sauces PM2.5",
        "Settled dust La Vega (mg/m2/day)",
    )
    for month in MONTHS[:10]:
        yield (
            month,
            _around(dice, 41, 9),
            _around(dice, 34, 8),
            _around(dice, 17, 4),
            _around(dice, 14, 3),
            _around(dice, 96, 25),
        )


def _safety() -> Iterator[tuple[str, ...]]:
    dice = _dice(12)
    yield (
        "Month 2025",
        "Hours own",
        "Hours contractors",
        "Lost-time injuries",
        "Recordable injuries",
        "High-potential events",
    )
    lost = {2: 1, 6: 1, 8: 1}
    for number, month in enumerate(MONTHS):
        recordable = lost.get(number, 0) + dice.choice((0, 1, 1, 2))
        yield (
            month,
            _around(dice, 232000, 9000),
            _around(dice, 391000, 22000),
            str(lost.get(number, 0)),
            str(recordable),
            str(dice.choice((1, 2, 2, 3))),
        )


def _exposures() -> Iterator[tuple[str, ...]]:
    dice = _dice(121)
    yield "Similar exposure group", "Agent", "Samples", "Geometric mean", "Limit", "Above limit"
    groups = (
        ("Crusher operators", "Respirable silica (mg/m3)", 0.031, 0.05),
        ("Drillers", "Respirable silica (mg/m3)", 0.027, 0.05),
        ("Furnace tappers", "Arsenic (mg/m3)", 0.0062, 0.01),
        ("Converter aisle", "Arsenic (mg/m3)", 0.0071, 0.01),
        ("Dust handling", "Lead (mg/m3)", 0.024, 0.05),
        ("Acid plant operators", "Acid mist (mg/m3)", 0.09, 0.2),
        ("Mill maintenance", "Noise (dBA)", 86.1, 85.0),
        ("Haul truck drivers", "Noise (dBA)", 78.4, 85.0),
    )
    for group, agent, mean, limit in groups:
        samples = dice.randint(18, 44)
        above = int(samples * (0.55 if mean > limit else dice.uniform(0, 0.08)))
        yield group, agent, str(samples), f"{mean:g}", f"{limit:g}", str(above)


POSTS = (
    "Haul truck operator",
    "Shovel operator",
    "Blaster",
    "Mill operator",
    "Flotation operator",
    "Furnace tapper",
    "Crane operator",
    "Acid plant operator",
    "Mechanic",
    "Electrician",
    "Laboratory analyst",
    "Warehouse keeper",
)
COURSES = (
    "Site induction",
    "Critical controls",
    "Working at height",
    "Isolation and lock-out",
    "Hazardous substances",
    "Fire brigade",
)


def _training() -> Iterator[tuple[str, ...]]:
    dice = _dice(122)
    yield ("Worker no.", "Post", "Employer", "Shift", *COURSES)
    for number in range(1, 151):
        employer = dice.choice(
            ("Minera Cerro Ejemplo",) * 3 + ("Contractor: Montajes del Valle", "Contractor: Transportes Andarivel")
        )
        post = dice.choice(POSTS)
        cells = []
        for course in COURSES:
            needed = course in COURSES[:2] or dice.random() < 0.55
            taken = date(2025, 11, 1) + timedelta(dice.randint(0, 360))
            cells.append(str(taken) if needed and dice.random() > 0.03 else ("overdue" if needed else "not required"))
        yield (f"CE-{2400 + number * 7}", post, employer, dice.choice("ABCD"), *cells)


def _waste_moves() -> Iterator[tuple[str, ...]]:
    dice = _dice(18)
    yield "Fecha", "Guía", "Residuo", "Cantidad (t)", "Transportista", "Destino"
    kinds = (
        ("Aceites usados", "EcoAndes Transportes", "Planta de regeneración Río Claro"),
        ("Chatarra de acero", "Metales del Puerto", "Acería Puerto Grande"),
        ("Baterías", "EcoAndes Transportes", "Recicladora Batex"),
        ("Lodos con arsénico", "Residuos Seguros", "Depósito de seguridad El Salar"),
        ("Ladrillo refractario", "Residuos Seguros", "Depósito de seguridad El Salar"),
        ("Cartón y plásticos", "Recicla Norte", "Recicla Norte"),
    )
    day = date(2026, 1, 7)
    for number in range(30):
        kind, carrier, target = kinds[number % len(kinds)]
        yield str(day), f"SID-{88120 + number * 13}", kind, _around(dice, 14, 6, 1), carrier, target
        day += timedelta(dice.randint(6, 13))


def _lots() -> Iterator[tuple[str, ...]]:
    dice = _dice(31)
    yield "Lot", "Received", "Counterparty", "Mine of origin", "Country", "Dry t", "Cu (%)"
    mines = (
        ("Compañía Minera Alto Quillay", "Alto Quillay", "Same country"),
        ("Sociedad Minera Punta Roja", "Punta Roja", "Same country"),
        ("Cordillera Trading", "San Telmo", "Neighbouring country N1"),
        ("Compañía Minera Alto Quillay", "El Manzano", "Same country"),
    )
    day = date(2025, 1, 9)
    for number in range(36):
        party, mine, country = mines[number % len(mines)]
        yield (
            f"X25-{number + 1:03d}",
            str(day),
            party,
            mine,
            country,
            _around(dice, 1450, 300),
            _around(dice, 26.5, 3, 1),
        )
        day += timedelta(dice.randint(7, 12))


TABLES: dict[str, Callable[[], Iterator[tuple[str, ...]]]] = {
    "smelter_months": _smelter_months,
    "piezometers": _piezometers,
    "pond": _pond,
    "water_balance": _water_balance,
    "wells": _wells,
    "discharge": _discharge,
    "energy": _energy,
    "dust": _dust,
    "safety": _safety,
    "exposures": _exposures,
    "training": _training,
    "waste_moves": _waste_moves,
    "lots": _lots,
}
