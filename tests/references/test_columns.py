"""Tables of references whose headings nobody knows."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import InputError
from core.references.columns import MEANINGS, ReferenceColumns, guess, lacking, read_columns, records_of
from core.references.reading import read_bytes
from core.references.sheets import Sheet, sheet_of
from tests.reviews import new_review, sessions


def sheet(*lines: str) -> Sheet:
    return sheet_of("\n".join(lines).encode(), "table.csv")


def test_headings_of_another_language_and_contents_are_guessed() -> None:
    found = guess(sheet(
        "Kennung;Werk;Autoren;Jahr;Zeitschrift;Link",
        '1;Ketamin bei Angst: eine randomisierte Studie;"Okafor N; Marsh P";2019;J Affekt;https://doi.org/10.1000/x',
        '2;Midazolam bei Angst: noch eine weitere Studie;"Li N; Marsh P";2020;J Affekt;https://doi.org/10.1000/y',
    ))  # fmt: skip
    assert found == ReferenceColumns(("", "title", "authors", "year", "journal", "url"), 0)


def test_a_table_without_headings_is_known_by_what_it_holds() -> None:
    found = guess(sheet(
        '"Okafor N, Marsh P",2019,Ketamine for anxiety: a randomised trial,10.1000/x,J Affect',
        '"Li N, Marsh P",2020,Midazolam for anxiety: one more randomised trial,10.1000/y,J Affect',
    ))  # fmt: skip
    assert found == ReferenceColumns(("authors", "year", "title", "doi", ""), -1)


def test_records_have_what_was_said_and_keep_the_rest() -> None:
    table = sheet("Nr,Werk,Wer,Wann,Title", "7,Ketamine,Okafor N; Marsh P,2019,secret", "8,,,2020,x")
    parsed = records_of(table, ReferenceColumns(("", "title", "authors", "year", "")))
    (record,) = parsed.records
    assert (record.title, record.authors, record.year) == ("Ketamine", ("Okafor N", "Marsh P"), 2019)
    assert dict(record.extra) == {"csv:nr": ("7",), "csv:column title": ("secret",)}
    (entry,) = parsed.rejected
    assert (entry.position, entry.line, entry.reason) == (2, 3, "entry.untitled")
    assert parsed.entries == 2


def test_what_is_lacking_is_said() -> None:
    table = sheet("a,b", "1,2")
    for meanings in (("year", ""), ("title", "title"), ("title",)):
        with pytest.raises(InputError) as refused:
            records_of(table, ReferenceColumns(meanings))
        assert refused.value.code == "columns.lacking"
    assert lacking(ReferenceColumns(("doi", ""))) == ()


def test_such_a_table_is_refused_without_and_imported_with_its_columns(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COPSE_DATA_DIR", str(tmp_path / "data"))
    path = tmp_path / "liste.csv"
    path.write_text("Werk,Wer,Wann\nKetamine,Okafor N,2019\nMidazolam,Li N,2020\n", encoding="utf-8")
    with pytest.raises(InputError) as refused:
        read_bytes(path.read_bytes(), path.name)
    assert refused.value.code == "import.no-heading"
    review = new_review(tmp_path)
    lead = sessions(review)[0]
    columns = ReferenceColumns(("title", "authors", "year"))
    report = lead.references.import_file(path, columns=columns).value
    assert (report.new, report.format, report.source_name) == (2, "table", "liste")
    rows = lead.references.rows(lead.references.ids())
    assert sorted(view.title for view in rows.values()) == ["Ketamine", "Midazolam"]
    assert read_columns(path, columns).entries == 2
    review.close()


CELLS = st.sampled_from(
    ["", "Title", "2019", "10.1000/x", "Okafor N; Li N", "A study of ketamine in four centres", "x"]
)


@given(
    st.lists(st.lists(CELLS, min_size=3, max_size=3), min_size=2, max_size=6),
    st.lists(st.sampled_from(["", *MEANINGS]), min_size=3, max_size=3),
)
def test_every_row_is_imported_or_reported(rows: list[list[str]], meanings: list[str]) -> None:
    table = sheet("a,b,c", *(",".join(f'"{cell}"' for cell in row) for row in rows), "z,z,z")
    found = guess(table)
    assert all(found.meanings.count(one) == 1 for one in found.meanings if one)
    columns = ReferenceColumns(tuple(meanings))
    if not lacking(columns):
        assert records_of(table, columns).entries == len(table.rows) - 1
