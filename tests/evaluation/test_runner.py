import json
from functools import partial
from pathlib import Path

import pytest

import evaluation.runner
from assistant.errors import EvaluationError
from assistant.progress import silent
from evaluation.bm25_floor import open_floor
from evaluation.command import run
from evaluation.compare import compare, unlike
from evaluation.memory import PeakMemory
from evaluation.reading import read_documents
from evaluation.result import pairs_path, read_measured, read_result, read_rows, write_result
from evaluation.table import breakdown_tables, comparison_table, print_tables, result_tables
from ingestion.models import ReadStatus

WATER = "Water withdrawal was 4.2 million cubic metres in 2025."
DUST = "Dust is measured at six stations every month."
LABELS = [
    {"document": "a.txt", "requirement": "r1", "verdict": "evidence", "quotes": [WATER]},
    {"document": "a.txt", "requirement": "r2", "verdict": "gap", "quotes": []},
    {"document": "b.txt", "requirement": "r1", "verdict": "gap", "quotes": []},
    {"document": "b.txt", "requirement": "r2", "verdict": "evidence", "quotes": [DUST]},
]
CRITERIA = {"C1": {"r1": "Water withdrawal in cubic metres.", "r2": "Dust stations measured every month."}}
EVIDENCE = {"hit@1", "hit@5", "recall@5", "recall@10", "recall@20", "map", "ndcg@10"}
quiet = partial(lambda progress, name: progress, silent)


@pytest.fixture
def folder(make_set) -> Path:
    return make_set("two", {"a.txt": WATER, "b.txt": DUST}, CRITERIA, LABELS)


def perfect(scripted, cache):
    return scripted({"r1": [(WATER, 0.9, True)], "r2": [(DUST, 0.8, True)]})


def test_result_has_the_agreed_form(folder, scripted, reader, tmp_path) -> None:
    out = tmp_path / "out" / "result.json"
    engine = partial(perfect, scripted)
    result = run([folder], out, cache=tmp_path / "cache", factory=engine, reader=reader, workers=1, progress=quiet)
    block = json.loads(out.read_text())["sets"]["two"]
    assert block == read_result(out)["sets"]["two"] == json.loads(json.dumps(result["sets"]["two"]))
    assert set(block["evidence"]) >= EVIDENCE
    assert set(block["evidence_passages"]) >= EVIDENCE
    assert set(block["gap"]) >= {"precision", "recall", "f1", "balanced_accuracy", "auroc", "abstained"}
    assert set(block["contradicted"]) >= {"precision", "recall", "f1"}
    assert set(block["cost"]) >= {"documents", "pages", "passages", "seconds", "pages_per_second", "peak_mb"}
    assert {block["evidence"][name]["value"] for name in EVIDENCE} == {1.0}
    assert block["gap"]["f1"] == {"value": 1.0, "low": 1.0, "high": 1.0}
    assert block["gap"]["auroc"]["value"] == 1.0
    assert block["quotes"]["shown"] == block["quotes"]["verified"] == 2
    assert block["calibration"]["ece"]["value"] == pytest.approx(0.15)
    assert set(block["by_language"]) == {"en"}
    assert set(block["by_requirement"]) == {"r1", "r2"}
    assert block["kinds"]["macro_f1"]["value"] is None
    assert [row["row"] for row in read_rows(out)] == ["ranking"] * 2 + ["pair"] * 4 + ["proposal"] * 2


def test_real_reading_and_worker_processes_give_what_one_process_gives(folder, reader, tmp_path) -> None:
    one = run([folder], cache=tmp_path / "1", factory=open_floor, reader=reader, workers=1, progress=quiet)
    two = run([folder], cache=tmp_path / "2", factory=open_floor, workers=2, progress=quiet)
    for part in ("evidence", "evidence_passages", "gap", "calibration"):
        assert one["sets"]["two"][part] == two["sets"]["two"][part]


def test_documents_are_read_once_for_each_content(folder, reader, tmp_path) -> None:
    seen: list[str] = []

    def counting(path: Path):
        seen.append(path.name)
        return reader(path)

    paths = {"a.txt": folder / "documents" / "a.txt"}
    first = read_documents(paths, tmp_path, reader=counting)
    second = read_documents({"again.txt": paths["a.txt"]}, tmp_path, reader=counting)
    assert (seen, first.cached, second.cached) == (["a.txt"], 0, 1)
    assert second.documents["again.txt"].pages == first.documents["a.txt"].pages
    assert second.documents["again.txt"].name == "again.txt"
    (kept,) = (tmp_path / "reading").rglob("*.json")
    kept.write_text("{")
    assert read_documents(paths, tmp_path, reader=counting).cached == 0


def failing_on(names: set[str], reader):
    def read(path: Path):
        document = reader(path)
        if path.name not in names:
            return document
        changes = {"status": ReadStatus.UNREADABLE, "reason": "It needs a password.", "pages": (), "passages": ()}
        return document.model_copy(update=changes)

    return read


def test_unreadable_documents_count_as_not_found_and_are_named(folder, scripted, reader, tmp_path) -> None:
    read = failing_on({"a.txt"}, reader)
    engine = partial(perfect, scripted)
    block = run([folder], cache=tmp_path, factory=engine, reader=read, workers=1, progress=quiet)["sets"]["two"]
    assert block["cost"]["unreadable"] == {"a.txt": "It needs a password."}
    assert block["evidence"]["hit@1"]["value"] == 0.5
    assert read_documents({"a.txt": folder / "documents" / "a.txt", "b.txt": folder / "documents" / "b.txt"}, tmp_path,
                          reader=reader).cached == 1  # fmt: skip


def test_nothing_readable_is_an_error_with_a_reason(folder, reader, tmp_path) -> None:
    read = failing_on({"a.txt", "b.txt"}, reader)
    with pytest.raises(EvaluationError, match=r"None of the documents.*a\.txt: It needs a password"):
        run([folder], cache=tmp_path, factory=open_floor, reader=read, workers=1, progress=quiet)


def test_only_judged_requirements_and_documents_are_run(make_set, scripted, reader, tmp_path) -> None:
    folder = make_set("part", {"a.txt": WATER, "b.txt": DUST}, CRITERIA, LABELS[:1])
    made = scripted({"r1": [(WATER, 0.9, True)]})
    asked: list[object] = []
    genuine = made.match_detailed

    def watching(*args, only=None, **kwargs):
        asked.append(only)
        return genuine(*args, only=only, **kwargs)

    made.match_detailed = watching
    run([folder], cache=tmp_path, factory=lambda cache: made, reader=reader, workers=1, progress=quiet)
    assert (made.prepared, asked) == ([["a.txt"]], [{"r1"}])


def test_collection_is_one_site(make_set, scripted, reader, tmp_path) -> None:
    folder = make_set("one", {"a.txt": WATER, "b.txt": DUST}, CRITERIA, LABELS, {"scope": "collection"})
    made = perfect(scripted, tmp_path)
    result = run([folder], cache=tmp_path, factory=lambda cache: made, reader=reader, progress=quiet)
    assert made.prepared == [["a.txt", "b.txt"]]
    assert result["sets"]["one"]["pairs"]["f1"]["value"] == 1.0
    assert result["sets"]["one"]["gap"]["f1"]["value"] == 1.0


def test_sets_are_checked_before_anything_runs(folder, tmp_path) -> None:
    with pytest.raises(EvaluationError, match="is no folder"):
        run([folder, tmp_path / "nowhere"], factory=None, progress=quiet)
    with pytest.raises(EvaluationError, match="at least one evaluation set"):
        run([], progress=quiet)
    with pytest.raises(EvaluationError, match="Two sets are called two"):
        run([folder, folder], progress=quiet)


def test_failures_are_written_and_markup_in_documents_stays_text(make_set, scripted, reader, tmp_path) -> None:
    hostile = "# Heading <script>alert(1)</script> of water."
    labels = [*LABELS[1:2], {"document": "a.txt", "requirement": "r1", "verdict": "evidence", "quotes": [hostile]}]
    folder = make_set("bad", {"a.txt": f"{hostile} {DUST}"}, CRITERIA, labels)
    script = {"r1": [(DUST, 0.2, False)], "r2": [(DUST, 0.8, True)]}
    run([folder], cache=tmp_path / "cache", failures=tmp_path / "bad-cases", factory=lambda cache: scripted(script),
        reader=reader, workers=1, progress=quiet)  # fmt: skip
    cases = [json.loads(line) for line in (tmp_path / "bad-cases" / "bad.jsonl").read_text().splitlines()]
    assert [(case["sort"], case["requirement"], case["status"]) for case in cases] == [
        ("missed evidence", "r1", "needs a person"),
        ("missed gap", "r2", "supported"),
    ]
    assert cases[0]["query"][0] == "Water withdrawal in cubic metres."
    (gold,) = cases[0]["gold"]
    assert (gold["quote"], gold["quote_rank"], gold["located"]) == (hostile, None, True)
    (found,) = cases[0]["found"]
    assert (found["quote"], found["finds_gold"], found["strength"]) == (DUST, False, 0.2)
    markdown = (tmp_path / "bad-cases" / "bad.md").read_text()
    (line,) = [line for line in markdown.splitlines() if "<script>" in line]
    assert line.startswith("    ")


def test_two_results_are_compared_and_printed(folder, scripted, reader, tmp_path) -> None:
    results = []
    for name, script in (("old", {"r1": [(WATER, 0.9, True)]}), ("new", {"r2": [(DUST, 0.8, True)]})):
        out = tmp_path / f"{name}.json"
        engine = scripted(script)
        results.append(run([folder], out, cache=tmp_path, factory=lambda cache, engine=engine: engine, reader=reader,
                           workers=1, progress=quiet))  # fmt: skip
    rows = compare(read_measured(tmp_path / "old.json"), read_measured(tmp_path / "new.json"))
    hit = next(row for row in rows if row.metric == "evidence.hit@1")
    assert (hit.pairs, hit.before, hit.after, hit.difference) == (2, 0.5, 0.5, 0.0)
    with (tmp_path / "tables.txt").open("w+") as stream:
        print_tables([*result_tables(results[0]), comparison_table(rows)], stream)
        stream.seek(0)
        text = stream.read()
    assert "two" in text
    assert "evidence.hit@1" in text
    assert pairs_path(tmp_path / "old.json").name == "old.pairs.jsonl"


def printed(tables, path: Path) -> list[list[str]]:
    with path.open("w+") as stream:
        print_tables(tables, stream)
        stream.seek(0)
        lines = stream.read().splitlines()
    return [[cell.strip() for cell in line.strip("│").split("│")] for line in lines if line.startswith("│")]


def test_figures_by_language_and_by_requirement_stand_with_their_counts(make_set, scripted, reader, tmp_path) -> None:
    labels = [*LABELS[:3], {**LABELS[3], "document": "es-b.txt"}]
    labels[2] = {**labels[2], "document": "es-b.txt"}
    folder = make_set("two", {"a.txt": WATER, "es-b.txt": DUST}, CRITERIA, labels)
    engine = partial(perfect, scripted)
    result = run([folder], cache=tmp_path, factory=engine, reader=reader, workers=1, progress=quiet)
    counts = lambda rows: [[row[0], *row[1:5], row[10]] for row in rows if row[0]]  # noqa: E731
    languages = printed(breakdown_tables(result, "language"), tmp_path / "languages.txt")
    assert counts(languages) == [["en", "2", "1", "1", "1", "1"], ["es", "2", "1", "1", "1", "1"]]
    assert languages[0][5] == "1.000"
    requirements = printed(breakdown_tables(result, "requirement"), tmp_path / "requirements.txt")
    assert counts(requirements) == [["r1", "2", "1", "1", "1", "1"], ["r2", "2", "1", "1", "1", "1"]]


def stopping(scripted, cache):
    engine = perfect(scripted, cache)

    def stop(*given, **options):
        raise KeyboardInterrupt

    if "stop" in cache.name:
        engine.match_detailed = stop
    return engine


def test_a_run_that_is_stopped_keeps_the_sets_it_finished(make_set, scripted, reader, tmp_path) -> None:
    names = ("one", "two")
    folders = [make_set(name, {"a.txt": WATER, "b.txt": DUST}, CRITERIA, LABELS) for name in names]
    out, started = tmp_path / "out.json", []

    def engine(cache: Path):
        started.append(cache)
        return stopping(scripted, cache / ("stop" if len(started) == 2 else "go"))

    with pytest.raises(KeyboardInterrupt):
        run(folders, out, cache=tmp_path / "cache", factory=engine, reader=reader, workers=1, progress=quiet)
    kept = read_measured(out)
    assert (list(kept.result["sets"]), kept.result["unfinished"]) == (["one"], ["two"])
    assert {row["set"] for row in kept.rows} == {"one"}
    again = run(folders, tmp_path / "again.json", cache=tmp_path / "cache", factory=partial(perfect, scripted),
                reader=reader, workers=1, progress=quiet)  # fmt: skip
    assert (list(again["sets"]), again["unfinished"]) == (["one", "two"], [])
    assert again["sets"]["two"]["cost"]["read_from_cache"] == 2
    assert unlike(kept, read_measured(tmp_path / "again.json")) == [
        "out.json was stopped before it had measured two.",
        "two: only again.json has this set.",
    ]


def test_a_result_is_written_as_a_whole_or_not_at_all(folder, tmp_path, monkeypatch) -> None:
    out = tmp_path / "out.json"
    write_result(out, {"form": 2, "sets": {}}, {"s": []})
    before = out.read_bytes()
    genuine = Path.write_text

    def cut(self: Path, text: str, **options: str) -> int:
        genuine(self, text[:5], **options)
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_text", cut)
    with pytest.raises(EvaluationError, match="cannot be written: No space left on device"):
        write_result(out, {"form": 2, "sets": {"other": {}}}, {"s": []})
    assert out.read_bytes() == before
    assert read_measured(out).result["sets"] == {}
    assert not list(tmp_path.glob("*.part"))


def test_peak_memory_sees_what_was_used() -> None:
    with PeakMemory() as memory:
        block = bytearray(80_000_000)
        memory._sample()
        del block
    with PeakMemory() as after:
        pass
    assert memory.peak_mb > after.peak_mb - 80
    assert memory.peak_mb > 80


def test_day_is_fixed() -> None:
    assert evaluation.runner.EVALUATION_DAY.isoformat() == "2026-11-22"
