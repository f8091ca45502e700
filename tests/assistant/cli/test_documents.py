import hashlib
from pathlib import Path

from tests.assistant.cli.conftest import Assay


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_add_gives_one_json_object_a_file(workspace: Assay, folder: Path) -> None:
    called = workspace("add", folder / "bad.txt", folder / "register.txt", "--json")
    assert (called.code, called.err) == (0, "")
    bad, register = called.lines
    assert bad == {
        "name": "bad.txt",
        "sha256": _sha256(folder / "bad.txt"),
        "status": "unreadable",
        "reason": "it is damaged",
        "pages": 0,
        "passages": 0,
        "seconds": 0.25,
        "suspicions": 0,
        "warnings": [],
    }
    assert (register["name"], register["status"], register["pages"], register["passages"]) == (
        "register.txt",
        "read",
        2,
        2,
    )


def test_add_again_skips_what_is_there(workspace: Assay, folder: Path) -> None:
    workspace("add", folder / "register.txt")
    (again,) = workspace("add", folder / "register.txt", "--json").lines
    assert (again["status"], again["reason"], again["pages"]) == ("skipped", "already read", 2)


def test_add_prints_reasons_and_a_summary(workspace: Assay, folder: Path) -> None:
    out = workspace("add", folder / "bad.txt", folder / "register.txt").out.splitlines()
    assert [" ".join(line.split()) for line in out] == [
        "unreadable 0 pages bad.txt",
        "it is damaged",
        "read 2 pages register.txt",
        "white text",
        "2 files: 1 read, 1 unreadable. Next: assay match",
    ]


def test_add_of_nothing_there_names_it(workspace: Assay) -> None:
    called = workspace("add", "nowhere")
    assert called.code == 2
    assert "Path 'nowhere' does not exist" in called.err


def test_documents_are_listed_with_what_needs_a_look(matched: Assay) -> None:
    out = matched("documents").out
    assert "bad.txt" in out
    assert "it is damaged" in out
    assert "hidden text: white text" in out
    assert [item["name"] for item in matched("documents", "--json").json] == ["bad.txt", "register.txt"]


def test_one_document_comes_with_facts_and_their_words(matched: Assay, folder: Path) -> None:
    for named in ("register.txt", _sha256(folder / "register.txt")[:6]):
        out = matched("documents", named).out
        assert "title: register.txt (page 1: “Tail”)" in out
        assert "hidden text, page 1: white text" in out


def test_unknown_document(matched: Assay) -> None:
    called = matched("documents", "other.txt")
    assert called.code == 2
    assert called.err == "There is no document 'other.txt' in this workspace; `assay documents` lists them.\n"


def test_correct_needs_a_person_and_a_date(matched: Assay) -> None:
    arguments = ("correct", "register.txt", "valid_until")
    assert "Nobody is signed in" in matched(*arguments, "2027-01-31", "--reason", "letter").err
    wrong = matched(*arguments, "31.1.2027", "--reason", "letter", "--person", "Ana Ruiz")
    assert "'31.1.2027' is not a date for valid_until" in wrong.err
    done = matched(*arguments, "2027-01-31", "--reason", "letter", "--person", "Ana Ruiz")
    assert (done.code, done.out) == (0, "register.txt: valid_until is now 2027-01-31. Next: assay match\n")
    assert "valid_until: 2027-01-31 (from person, corrected)" in matched("documents", "register.txt").out


def test_removed_document_takes_no_part(matched: Assay) -> None:
    done = matched("remove", "bad.txt", "--reason", "sent by mistake", "--person", "Ana Ruiz")
    assert (done.code, done.out) == (0, "bad.txt takes no part any more. Next: assay match\n")
    assert [item["name"] for item in matched("documents", "--json").json] == ["register.txt"]
    assert len(matched("documents", "--removed", "--json").json) == 2
