import json
from pathlib import Path

import pytest

from assistant.errors import EvaluationError
from assistant.models import SiteFact, SiteKind
from evaluation.sets import load_set, narrowed

CRITERIA = {"C1": {"r1": "Water is measured.", "r2": "Dust is measured."}}
GOOD = {"document": "a.txt", "requirement": "r1", "verdict": "evidence", "quotes": ["We measure water."]}


def test_loads_a_set(make_set) -> None:
    gap = {"document": "a.txt", "requirement": "r2", "verdict": "gap", "quotes": []}
    loaded = load_set(make_set("small", {"a.txt": "We measure water."}, CRITERIA, [GOOD, gap]))
    assert loaded.name == "small"
    assert loaded.options.scope == "document"
    assert [label.verdict for label in loaded.labels_of("a.txt")] == ["evidence", "gap"]
    assert loaded.targets == {"r1": ("r1",), "r2": ("r2",)}
    assert loaded.site_of("a.txt").kinds == tuple(SiteKind)
    assert not loaded.judges_whole_collection


def test_level_criterion_names_all_requirements(make_set) -> None:
    label = {**GOOD, "requirement": "C1"}
    loaded = load_set(make_set("lifted", {"a.txt": "x"}, CRITERIA, [label], {"level": "criterion"}))
    assert loaded.targets == {"C1": ("r1", "r2")}


def test_site_file_and_whole_collection(make_set) -> None:
    label = {"document": "*", "requirement": "r2", "verdict": "gap"}
    folder = make_set("site", {"a.txt": "x"}, CRITERIA, [GOOD, label], {"scope": "collection"})
    (folder / "site.yaml").write_text("name: A site\nkinds: [smelter]\nfacts: {has_tailings: false}\n")
    loaded = load_set(folder)
    assert loaded.judges_whole_collection
    assert loaded.site_of("any").kinds == (SiteKind.SMELTER,)
    assert loaded.site_of("any").facts == {SiteFact.HAS_TAILINGS: False}


@pytest.mark.parametrize(
    ("label", "words"),
    [
        ({**GOOD, "document": "b.txt"}, "line 1: there is no document 'b.txt'"),
        ({**GOOD, "requirement": "r9"}, "line 1: the framework has no requirement 'r9'"),
        ({**GOOD, "verdict": "maybe"}, "line 1: verdict"),
        ({**GOOD, "verdict": "gap"}, "line 1: a gap has no quotes"),
        ({**GOOD, "grades": [1, 2]}, "line 1: 1 quotes but 2 grades"),
        ({**GOOD, "quotes": ["***"]}, "without letters or digits"),
        ({**GOOD, "document": "*"}, "needs scope collection"),
    ],
)
def test_wrong_labels_are_named_with_file_and_line(make_set, label: dict, words: str) -> None:
    folder = make_set("wrong", {"a.txt": "x"}, CRITERIA, [label])
    with pytest.raises(EvaluationError) as error:
        load_set(folder)
    assert words in str(error.value)
    assert "labels.jsonl" in str(error.value)


def test_a_pair_judged_twice_is_an_error(make_set) -> None:
    with pytest.raises(EvaluationError, match=r"line 2: .* were judged on an earlier line"):
        load_set(make_set("twice", {"a.txt": "x"}, CRITERIA, [GOOD, GOOD]))


@pytest.mark.parametrize(
    ("missing", "words"),
    [("labels.jsonl", "labels.jsonl is missing"), ("criteria.json", "criteria.json is missing")],
)
def test_missing_files_are_named(make_set, missing: str, words: str) -> None:
    folder = make_set("missing", {"a.txt": "x"}, CRITERIA, [GOOD])
    (folder / missing).unlink()
    with pytest.raises(EvaluationError, match=words):
        load_set(folder)


def test_other_faults_are_sentences(make_set, tmp_path: Path) -> None:
    with pytest.raises(EvaluationError, match="is no folder"):
        load_set(tmp_path / "nowhere")
    folder = make_set("faulty", {"a.txt": "x"}, CRITERIA, [GOOD], {"scope": "universe"})
    with pytest.raises(EvaluationError, match=r"set\.json: scope"):
        load_set(folder)
    (folder / "set.json").write_text("{")
    with pytest.raises(EvaluationError, match="is no JSON"):
        load_set(folder)
    (folder / "set.json").write_text(json.dumps({"framework": "none-such"}))
    with pytest.raises(EvaluationError, match="none-such"):
        load_set(folder)
    empty = make_set("empty", {"a.txt": "x"}, CRITERIA, [])
    with pytest.raises(EvaluationError, match="is empty"):
        load_set(empty)


@pytest.mark.parametrize("name", ["labels.jsonl", "set.json", "site.yaml", "criteria.json"])
def test_a_file_that_is_not_utf_8_is_named(make_set, name: str) -> None:
    folder = make_set("odd", {"a.txt": "x"}, CRITERIA, [GOOD])
    (folder / name).write_bytes(b'{"caf\xe9": 1}')
    with pytest.raises(EvaluationError, match=rf"{name}.*not UTF-8 text.*save the file as UTF-8"):
        load_set(folder)


def test_a_line_separator_within_a_quote_ends_no_line(make_set) -> None:
    folder = make_set("lines", {"a.txt": "x"}, CRITERIA, [{**GOOD, "quotes": ["We measure\u2028water."]}])
    assert load_set(folder).labels[0].quotes == ("We measure\u2028water.",)


def test_a_folder_of_sets_is_no_set_and_says_which_are_in_it(make_set, tmp_path: Path) -> None:
    make_set("one", {"a.txt": "x"}, CRITERIA, [GOOD])
    make_set("two", {"a.txt": "x"}, CRITERIA, [GOOD])
    with pytest.raises(EvaluationError, match=r"is no evaluation set: .*; the sets in it are one, two\.$"):
        load_set(tmp_path)
    (tmp_path / "nothing").mkdir()
    with pytest.raises(
        EvaluationError, match=r"is no evaluation set: it has neither labels.jsonl nor passages.jsonl\.$"
    ):
        load_set(tmp_path / "nothing")


def test_narrowing_that_leaves_nothing_is_said(make_set) -> None:
    loaded = load_set(make_set("small", {"a.txt": "x"}, CRITERIA, [GOOD]))
    with pytest.raises(EvaluationError, match="The set small has no label for r2, so nothing would be judged"):
        narrowed(loaded, {"r2"}, None)


def test_narrowed(make_set) -> None:
    labels = [{**GOOD, "document": name} for name in ("a.txt", "b.txt")] + [{**GOOD, "requirement": "r2"}]
    loaded = load_set(make_set("narrow", {"a.txt": "x", "b.txt": "y"}, CRITERIA, labels))
    assert [(x.document, x.requirement) for x in narrowed(loaded, {"r1"}, None).labels] == [
        ("a.txt", "r1"),
        ("b.txt", "r1"),
    ]
    assert {x.document for x in narrowed(loaded, None, 1).labels} == {"a.txt"}
    with pytest.raises(EvaluationError, match="no requirement 'r7'"):
        narrowed(loaded, {"r7"}, None)
