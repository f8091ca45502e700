from pathlib import Path

import pytest

from tests.assistant.cli.conftest import NOTICE, WORDS, Assay


def _key(assay: Assay) -> str:
    return str(assay("show", "1.a", "--json").json[0]["evidence"][0]["key"])


def test_match_says_what_it_found(matched: Assay) -> None:
    out = matched("match").out
    assert out.startswith("Run 2: 6 requirements in ")
    assert "One gap in ten may be wrong." in out
    summary = matched("match", "--json").json
    assert (summary["findings"], summary["counts"]["supported"], summary["counts"]["gap"]) == (6, 1, 5)


def test_match_without_documents_says_what_to_do(workspace: Assay) -> None:
    called = workspace("match")
    assert called.code == 2
    assert called.err.startswith("There are no documents in this workspace yet; add some (`assay add FOLDER`)")


def test_status_as_a_program_reads_it(matched: Assay) -> None:
    state = matched("status", "--json").json
    assert [(row["number"], row["title"], row["status"]) for row in state["criteria"]] == [
        (1, "Criterion 1", "partly"),
        (2, "Criterion 2", "gap"),
    ]
    assert state["criteria"][0]["counts"] == {
        "supported": 1,
        "partly": 0,
        "needs_a_person": 0,
        "gap": 2,
        "contradicted": 0,
        "not_applicable": 0,
    }
    assert (state["quotes_shown"], state["quotes_verified"]) == (1, 1)


def test_status_as_a_person_reads_it(matched: Assay) -> None:
    out = matched("status").out
    assert "Cerro Ejemplo: small 1, run 1, as of " in out
    assert "Criterion 2" in out
    assert "1 partly, 1 gap" in out
    assert out.count(NOTICE) == 1
    assert "Quotes shown 1, verified 1." in out
    assert "One gap in ten may be wrong." in out
    assert "bad.txt: it is damaged" in out


def test_status_before_the_first_run(workspace: Assay) -> None:
    out = workspace("status").out
    assert out.count("not matched yet") == 3
    assert workspace("show", "2.b").out.endswith("2.b  Do thing 2.b\nNothing has been matched yet. Next: assay match\n")


def test_show_a_requirement_with_place_kind_and_key(matched: Assay) -> None:
    out = matched("show", "1.a").out
    assert "1.a  supported" in out
    assert f"[{_key(matched)[:8]}] record, 75%, register.txt, page 2" in out
    assert f"“{WORDS}”" in out
    assert out.count(NOTICE) == 1
    assert "1.b" not in out


def test_show_a_criterion_with_its_gaps(matched: Assay) -> None:
    out = matched("show", "2").out
    assert "Open (nothing found): Nothing speaks of it." in out
    assert "Decide: assay decide --gap 2.c confirm" in out
    assert [row["requirement"]["id"] for row in matched("show", "2", "--json").json] == ["2.a", "2.b", "2.c"]


@pytest.mark.parametrize(
    ("target", "sentence"),
    [
        ("2.z", "There is no requirement '2.z' in small; criterion 2 has 2.a, 2.b, 2.c."),
        ("77", "There is no criterion '77' in small; they run from 1 to 2."),
    ],
)
def test_show_of_nothing_there(matched: Assay, target: str, sentence: str) -> None:
    called = matched("show", target)
    assert (called.code, called.err) == (2, sentence + "\n")


def test_decide_needs_a_person(matched: Assay) -> None:
    called = matched("decide", _key(matched)[:8], "confirm")
    assert called.code == 2
    assert called.err.startswith("Nobody is signed in: to confirm or reject proposals,")
    assert "ASSAY_PERSON" in called.err


def test_confirm_then_undo(matched: Assay, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASSAY_PERSON", "Ana Ruiz")
    done = matched("decide", _key(matched)[:8], "confirm", "--reason", "read it")
    assert (done.code, done.out) == (
        0,
        "Confirmed by Ana Ruiz: for 1.a, register.txt, page 2 (decision 1; `assay decide --undo 1` takes it back).\n",
    )
    assert "Confirmed by Ana Ruiz on " in matched("show", "1.a").out
    assert matched("status", "--json").json["confirmed"] == 1
    assert matched("decide", "--undo", 1).out == "Decision 1 on 1.a is withdrawn (decision 2).\n"
    assert "Confirmed by" not in matched("show", "1.a").out


def test_reject_needs_a_reason(matched: Assay) -> None:
    called = matched("decide", _key(matched), "reject", "--person", "Ana Ruiz")
    assert (called.code, called.err[:27]) == (2, "A rejection needs a reason:")
    assert matched("decide", _key(matched), "reject", "--reason", "other site", "--person", "Ana Ruiz").code == 0


def test_decide_on_a_gap(matched: Assay) -> None:
    done = matched("decide", "--gap", "2.a", "confirm", "--person", "Ana Ruiz")
    assert done.out.startswith("Confirmed by Ana Ruiz: the gap of 2.a (decision 1;")
    assert "Confirmed by Ana Ruiz" in matched("show", "2.a").out
    assert matched("decide", "--gap", "1.a", "confirm", "--person", "Ana Ruiz").code == 2


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ((), "Say what is decided: assay decide KEY confirm|reject,"),
        (("--gap", "2.a"), "Say what is decided"),
        (("--undo", "1", "confirm"), "Say what is decided"),
        (("0000000000", "maybe"), "'maybe' is no decision; write confirm or reject."),
        (("0000000000", "confirm"), "No quote proposed by the latest run has the key '0000000000';"),
        (("00", "confirm"), "'00' is too short for a key; give at least 4 characters of it."),
        (("--undo", "9", "--person", "Ana Ruiz"), "There is no decision 9 in this workspace."),
    ],
)
def test_decide_errors(matched: Assay, arguments: tuple[str, ...], sentence: str) -> None:
    called = matched("decide", *arguments)
    assert called.code == 2
    assert called.err.startswith(sentence)


def test_rate_by_a_person(matched: Assay) -> None:
    done = matched("rate", "1", "Partially Meets", "--rationale", "two of three", "--person", "Ana Ruiz")
    assert done.out == f"1 Criterion 1: partially meets, by Ana Ruiz. {NOTICE}\n"
    assert "Rated partially meets by Ana Ruiz on " in matched("show", "1").out
    assert matched("status", "--json").json["criteria"][0]["rating"] == "partially meets"


def test_rating_outside_the_scale(matched: Assay) -> None:
    called = matched("rate", "1", "good", "--rationale", "x", "--person", "Ana Ruiz")
    assert called.code == 2
    assert called.err.startswith("'good' is not a rating of small; choose fully meets, partially meets,")


def test_runs_are_listed(matched: Assay) -> None:
    (run,) = matched("runs", "--json").json
    assert (run["id"], run["state"], sorted(run["documents"].values())) == (1, "finished", ["bad.txt", "register.txt"])
    assert "scripted 1" in matched("runs").out


def test_verify_finds_nothing_wrong_then_something(matched: Assay) -> None:
    report = matched("verify", "--json")
    assert (report.code, report.json["ok"], report.json["quotes"]) == (0, True, 1)
    for original in (path for path in Path("workspace/files").rglob("*") if path.is_file()):
        original.chmod(0o600)
        original.write_text("changed")
    broken = matched("verify")
    assert broken.code == 1
    assert "problems." in broken.out
