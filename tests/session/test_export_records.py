"""Records handed to other screening programs, with the decisions that whoever exports may see."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from core.cli import main
from core.interchange.screening_exports import decisions_of
from core.model import Stage, Verdict
from core.references.reading import read_bytes
from core.review import Review, Session
from tests.reviews import new_review, record_ids, ris_file, sessions

INCLUDE, EXCLUDE, MAYBE = Verdict.INCLUDE, Verdict.EXCLUDE, Verdict.MAYBE
LEFT_BEHIND = 'Cited By 5 | RAYYAN-INCLUSION: {"Noa"=>"Excluded"}'


@pytest.fixture(autouse=True)
def _own_register(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COPSE_DATA_DIR", str(tmp_path / "data"))


@pytest.fixture
def review(tmp_path: Path) -> Review:
    """Three records: decided by both, by the lead alone, by the second reviewer alone."""
    review = new_review(tmp_path, records=3, notes=LEFT_BEHIND)
    asha, tom, _ = sessions(review)
    reason = asha.protocol.add_reason(Stage.TITLE_ABSTRACT, "Wrong population, or age").value
    first, second, third = record_ids(review)
    asha.screening.decide(first, INCLUDE)
    asha.screening.set_note(first, 'A "note",\nin two lines')
    tom.screening.decide(first, EXCLUDE, reason)
    asha.screening.decide(second, EXCLUDE, reason)
    tom.screening.decide(third, MAYBE)
    return review


def read_back(session: Session, form: str) -> list[tuple[int, str, Verdict | None, tuple[str, ...], str]]:
    text = session.references.exported(form)
    parsed = read_bytes(text.encode(), "out.ris" if form == "ris" else "out.csv")
    assert parsed.rejected == ()
    assert len(parsed.records) == 3
    found = decisions_of(parsed.records, "out.csv")
    return [(one.position, one.reviewer, one.verdict, one.reasons, one.note) for one in found]


@pytest.mark.parametrize("form", ["copse", "rayyan", "covidence", "ris"])
def test_what_is_exported_is_read_back_as_far_as_one_may_see(review: Review, form: str) -> None:
    asha, tom, _ = sessions(review)
    reason = "Wrong population, or age" if form in ("copse", "covidence") else "Wrong population; or age"
    assert read_back(asha, form) == [
        (0, "Asha Menon", INCLUDE, (), 'A "note",\nin two lines'),
        (1, "Asha Menon", EXCLUDE, (reason,), ""),
    ]
    assert read_back(tom, form) == [(0, "Tom Brandt", EXCLUDE, (reason,), ""), (2, "Tom Brandt", MAYBE, (), "")]


@pytest.mark.parametrize("form", ["copse", "rayyan", "covidence", "ris"])
def test_decisions_of_the_imported_file_do_not_leave_with_its_notes(review: Review, form: str) -> None:
    text = sessions(review)[0].references.exported(form)
    assert "Noa" not in text
    assert "Cited By 5" in text


def test_records_are_equal_when_read_back(review: Review) -> None:
    asha = sessions(review)[0]
    ids = record_ids(review)
    rows = asha.references.rows(ids)
    views = [rows[one] for one in ids]
    wanted = [(v.title, v.authors, v.year, v.journal, v.volume, v.pages, v.abstract) for v in views]
    for form in ("copse", "rayyan", "covidence", "ris"):
        name = "out.ris" if form == "ris" else "out.csv"
        back = read_bytes(asha.references.exported(form).encode(), name).records
        assert [(r.title, r.authors, r.year, r.journal, r.volume, r.pages, r.abstract) for r in back] == wanted


def test_some_records_only_and_the_other_stage(review: Review) -> None:
    asha = sessions(review)[0]
    ids = record_ids(review)
    some = read_bytes(asha.references.exported("rayyan", [ids[2], ids[0]]).encode(), "out.csv").records
    views = asha.references.rows(ids)
    assert [one.title for one in some] == [views[ids[2]].title, views[ids[0]].title]
    text = asha.references.exported("rayyan", stage=Stage.FULL_TEXT)
    assert "RAYYAN-INCLUSION" not in text


def test_what_one_exports_the_lead_of_another_review_takes_in(review: Review, tmp_path: Path) -> None:
    path = tmp_path / "out.csv"
    path.write_text(sessions(review)[1].references.exported("rayyan"), encoding="utf-8")
    other = new_review(tmp_path, name="other.copse")
    asha, tom, _ = sessions(other)
    source = asha.references.import_file(path).value.source_id
    found = asha.references.decisions_in(source)
    assert [(one.name, one.reviewer_id) for one in found.people] == [("Tom Brandt", tom.reviewer.id)]
    asha.references.import_decisions(source, {"Tom Brandt": [tom.reviewer.id]})
    assert (tom.screening.progress().excluded, tom.screening.progress().maybe) == (1, 1)
    other.close()


def test_on_the_command_line(review: Review, tmp_path: Path) -> None:
    path = str(review.path)
    review.close()
    for name, arguments in (
        ("a.csv", ["--format", "rayyan"]),
        ("b.csv", ["--format", "covidence"]),
        ("c.ris", []),
        ("d.csv", ["--format", "copse"]),
    ):
        out = tmp_path / name
        assert main(["export", path, "--records", "--out", str(out), "--as", "Tom Brandt", *arguments]) == 0
        parsed = read_bytes(out.read_bytes(), name)
        assert {one.reviewer for one in decisions_of(parsed.records)} == {"Tom Brandt"}


def test_names_and_titles_that_look_like_formulas_come_back(tmp_path: Path) -> None:
    review = Review.create(tmp_path / "formulas.copse", title="A", reviewers=("=Sum Wang",))
    one = sessions(review)[0]
    one.references.import_file(ris_file(tmp_path / "a.ris", ["-blockers for anxiety", "'@home' care"]))
    first = one.references.ids()[0]
    one.screening.decide(first, INCLUDE)
    one.screening.set_note(first, "- see table 2")
    text = one.references.exported("copse")
    assert all(not cell.startswith(tuple("=+-@")) for row in csv.reader(io.StringIO(text)) for cell in row)
    parsed = read_bytes(text.encode(), "out.csv")
    assert [record.title for record in parsed.records] == ["-blockers for anxiety", "'@home' care"]
    assert [(d.reviewer, d.note) for d in decisions_of(parsed.records)] == [("=Sum Wang", "- see table 2")]
    review.close()
