"""Two results against each other on the same pairs: differences with intervals and permutation tests, and what of the
two was not alike.

Many metrics of many sets are tested at once, so each p stands beside the one corrected for that (Holm 1979).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from assistant.errors import EvaluationError
from evaluation.paired import RATIOS, Metric, Row, Rows, change, mean_of
from evaluation.result import FORM, Measured


@dataclass(frozen=True, slots=True)
class Difference:
    """`after` minus `before` for one metric of one set over `pairs` rows.

    `p` is two-sided under "no difference"; `p_holm` is the same corrected for all differences that stand beside it.
    """

    set: str
    metric: str
    pairs: int
    before: float
    after: float
    difference: float
    low: float | None
    high: float | None
    p: float
    p_holm: float = 1.0


def check_shared(before: Measured, names: Collection[str]) -> None:
    """Raises `EvaluationError` when an earlier result has none of these sets."""
    sets = before.result["sets"]
    if not set(sets) & set(names):
        raise EvaluationError(
            f"{before.path} has none of the sets {', '.join(sorted(names))}, so nothing can be compared; "
            f"it has {', '.join(sorted(sets)) or 'no set'}."
        )


def compare(before: Measured, after: Measured) -> list[Difference]:
    """All metrics that both results have rows for. Raises `EvaluationError` when they share no pair."""
    scopes = {name: str(block.get("scope", "")) for name, block in after.result["sets"].items()}
    return compare_rows(before.rows, after.rows, scopes)


def compare_rows(before: Rows, after: Rows, scopes: Mapping[str, str] | None = None) -> list[Difference]:
    """As `compare`, from the rows themselves; `scopes` says of each set whether a document of it is a site."""
    old, new = _by_set(before), _by_set(after)
    found = [
        difference
        for name in new
        if name in old
        for difference in _set_differences(name, (scopes or {}).get(name, ""), old[name], new[name])
    ]
    if not found:
        raise EvaluationError("The two results share no judged pair: compare results on the same sets.")
    corrected = holm([row.p for row in found])
    return [replace(row, p=round(row.p, 4), p_holm=round(p, 4)) for row, p in zip(found, corrected, strict=True)]


def holm(values: Sequence[float]) -> list[float]:
    """The p values corrected for their number (Holm 1979): the chance that any of them errs stays under the bound."""
    corrected, highest = [0.0] * len(values), 0.0
    for place, index in enumerate(sorted(range(len(values)), key=lambda one: values[one])):
        highest = max(highest, min(1.0, (len(values) - place) * values[index]))
        corrected[index] = highest
    return corrected


def unlike(before: Measured, after: Measured) -> list[str]:
    """One sentence for each way in which the two results were not made alike, beside the engine's own versions."""
    old, new = before.result["sets"], after.result["sets"]
    sentences = []
    if before.result["form"] != FORM:
        sentences.append(
            f"{before.path.name} is of an older form, which lacks some rows: fewer metrics are compared, and whether "
            "the settings and the sets were the same cannot be told."
        )
    for one in (before, after):
        if unfinished := one.result.get("unfinished"):
            sentences.append(f"{one.path.name} was stopped before it had measured {', '.join(unfinished)}.")
    for name in sorted(set(old) ^ set(new)):
        sentences.append(f"{name}: only {(before if name in old else after).path.name} has this set.")
    for entry, what in (("today", "the day of judging"), ("only", "--only"), ("documents", "--documents")):
        if entry in before.result and before.result[entry] != after.result.get(entry):
            was, now = _shown(before.result[entry]), _shown(after.result.get(entry))
            sentences.append(f"Before and after differ in {what}: {was}, then {now}.")
    sentences += _settings(before.result.get("settings"), after.result.get("settings"))
    for name in [one for one in new if one in old]:
        sentences += [f"{name}: {text}" for text in _block_differences(old[name], new[name])]
        alone = [len(one) for one in _unshared(_by_set(before.rows).get(name, []), _by_set(after.rows).get(name, []))]
        if any(alone):
            sentences.append(
                f"{name}: {alone[0]} judged pairs are only in {before.path.name} and {alone[1]} only in "
                f"{after.path.name}; they are left out."
            )
    return sentences


def _settings(old: Mapping[str, Any] | None, new: Mapping[str, Any] | None) -> list[str]:
    if old is None or new is None:
        return []
    names = [name for name in {**old, **new} if old.get(name) != new.get(name)]
    return [
        f"Before and after differ in the setting {name}: {_shown(old.get(name))}, then {_shown(new.get(name))}."
        for name in names
    ]


def _block_differences(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[str]:
    """What made the figures of one set, where it changed: the engine by its parts, the criteria, the labels."""
    was, now = old.get("engine", {}), new.get("engine", {})
    parts = {"engine": (was.get("name"), now.get("name"))}
    for role in sorted({*was.get("models", {}), *now.get("models", {})}):
        parts[f"model of the {role}"] = was.get("models", {}).get(role), now.get("models", {}).get(role)
    sentences = [f"the {what} was {_shown(a)}, is now {_shown(b)}." for what, (a, b) in parts.items() if a != b]
    for entry, what in (("framework_digest", "the criteria are"), ("set_digest", "documents or labels are")):
        if entry in old and old[entry] != new.get(entry):
            sentences.append(f"{what} not the same as before: a difference need not be the engine's.")
    return sentences


def _shown(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(map(str, value)) or "none"
    return "none" if value in (None, "") else str(value)


def _by_set(rows: Rows) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(row["set"], []).append(row)
    return found


def _set_differences(name: str, scope: str, before: Rows, after: Rows) -> list[Difference]:
    pairs = {kind: _aligned(kind, before, after) for kind in ("ranking", "pair", "passage")}
    found = []
    for kind, (old, new) in pairs.items():
        named = dict.fromkeys(score for row in new for score in row["scores"])
        for metric in named:
            both = [
                (was, now)
                for was, now in zip(old, new, strict=True)
                if metric in was["scores"] and metric in now["scores"]
            ]
            found.append(_difference(name, Metric(metric, kind, mean_of(metric)), *_columns(both), aligned=True))
    shared = {(row["unit"], row["requirement"]) for kind in pairs for row in pairs[kind][1]}
    rows = {
        **pairs,
        "kind": (_kinds(pairs["ranking"][0]), _kinds(pairs["ranking"][1])),
        "proposal": tuple(_proposals(some, shared) for some in (before, after)),
    }
    for ratio in RATIOS:
        if ratio.scope in ("", scope):
            old, new = ([row for row in some if ratio.keeps(row, scope)] for some in rows[ratio.row])
            if all(need in row for need in ratio.needs for row in (*old, *new)):
                found.append(_difference(name, ratio, old, new, aligned=ratio.row in pairs))
    return [one for one in found if one is not None]


def _difference(name: str, metric: Metric, old: Rows, new: Rows, *, aligned: bool) -> Difference | None:
    seen = change(metric.score, old, new, aligned=aligned)
    if seen is None:
        return None
    return Difference(
        set=name,
        metric=metric.name,
        pairs=len(new),
        before=round(seen.before, 4),
        after=round(seen.after, 4),
        difference=round(seen.after - seen.before, 4),
        low=seen.interval["low"],
        high=seen.interval["high"],
        p=seen.p,
    )


def _aligned(kind: str, before: Rows, after: Rows) -> tuple[list[Row], list[Row]]:
    """The rows of a kind that both results have, in one order."""
    old = {_key(row): row for row in before if row["row"] == kind}
    return _columns([(old[_key(row)], row) for row in after if row["row"] == kind and _key(row) in old])


def _columns(both: Sequence[tuple[Row, Row]]) -> tuple[list[Row], list[Row]]:
    return [was for was, _ in both], [now for _, now in both]


def _unshared(before: Rows, after: Rows) -> tuple[set[tuple[str, ...]], set[tuple[str, ...]]]:
    old, new = ({_key(row) for row in rows if row["row"] in ("pair", "passage")} for rows in (before, after))
    return old - new, new - old


def _kinds(rankings: Rows) -> list[Row]:
    """One row for each gold quote that was found and whose kind is labelled."""
    return [
        {"unit": row["unit"], "kind": kind, "found_kind": found_kind}
        for row in rankings
        for kind, found_kind in row.get("kinds", ())
        if found_kind
    ]


def _proposals(rows: Rows, shared: Collection[tuple[str, str]]) -> list[Row]:
    """The shown proposals for what both results judged."""
    return [row for row in rows if row["row"] == "proposal" and (row["unit"], row["requirement"]) in shared]


def _key(row: Row) -> tuple[str, ...]:
    # A document of a collection may speak both for and against a requirement: then it has two pairs.
    return row["row"], row["document"], row["requirement"], str(row.get("verdict", ""))
