"""What is no reference file is refused in plain words; encodings, progress and stopping."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import InputError
from core.references import reading
from core.references.formats import FORMATS, Format
from core.references.reading import ImportCancelled, read_bytes, read_file
from core.references.record import ReferenceRecord

ENTRY = "TY  - JOUR\nTI  - Essai randomisé à Zürich\nAU  - Müller, J\nER  - \n"


def zipped(*names: str) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as file:
        for name in names:
            file.writestr(name, "<x/>")
    return packed.getvalue()


@pytest.mark.parametrize(
    ("name", "data", "code", "message"),
    [
        (
            "results.ris",
            b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\nTY  - JOUR\nER  - \n",
            "import.other-file",
            "results.ris is a PDF, not a reference file. Export the search from the database as RIS and import that."
            " Nothing was imported.",
        ),
        (
            "results.docx",
            zipped("[Content_Types].xml", "word/document.xml"),
            "import.other-file",
            "results.docx is a Word document, not a reference file. Export the search from the database as RIS and"
            " import that. Nothing was imported.",
        ),
        (
            "results.ris",
            zipped("[Content_Types].xml", "xl/workbook.xml"),
            "import.excel",
            "results.ris is an Excel workbook, not a reference file. Save it as CSV, or export the search as RIS, and"
            " import that. Nothing was imported.",
        ),
        (
            "all.zip",
            zipped("a.ris", "b.ris"),
            "import.other-file",
            "all.zip is a compressed file (ZIP), not a reference file. Export the search from the database as RIS and"
            " import that. Nothing was imported.",
        ),
        (
            "empty.ris",
            b" \r\n\n",
            "import.empty",
            "empty.ris is empty. Export the search again and import that. Nothing was imported.",
        ),
        (
            "export.ris",
            b"\r\n<!DOCTYPE html>\n<html><body>Session expired</body></html>",
            "import.web-page",
            "export.ris is a web page, not a reference file; perhaps the session at the database had "
            "ended. Export the"
            " search from the database as RIS and import that. Nothing was imported.",
        ),
        (
            "noise.ris",
            bytes(range(256)) * 40,
            "import.encoding",
            "noise.ris is not text in an encoding Copse knows. Export the search again, as RIS in UTF-8, and import"
            " that. Nothing was imported.",
        ),
        (
            "letter.txt",
            b"Dear colleague,\nthe search is attached.\n",
            "import.unknown-format",
            "letter.txt is not in a format Copse reads. It reads: RIS, PubMed (MEDLINE, .nbib), Ovid tagged, Web of"
            " Science plain text, RefWorks tagged, EndNote export (.enw), CSV or TSV with headings. "
            "Export the search in"
            " one of these and import that. Nothing was imported.",
        ),
        (
            "table.csv",
            b"Nr,Farbe\n1,blau\n",
            "import.no-heading",
            "table.csv has no line of headings Copse knows. Name the columns Title, Authors, Year, Journal, Abstract,"
            " DOI and so on, and import it again. Nothing was imported.",
        ),
        (
            "heading.csv",
            b"Title,Authors,Year\n",
            "import.no-records",
            "heading.csv looks like CSV or TSV with headings, but holds no reference. Export the search "
            "again. Nothing"
            " was imported.",
        ),
        (
            "end.ris",
            b"\nER  - \n",
            "import.no-records",
            "end.ris looks like RIS, but holds no reference. Export the search again. Nothing was imported.",
        ),
    ],
)
def test_bad_files_are_refused_in_plain_words(name: str, data: bytes, code: str, message: str) -> None:
    with pytest.raises(InputError) as refused:
        read_bytes(data, name)
    assert refused.value.code == code
    assert refused.value.message == message


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"gone\.ris could not be read \(No such file or directory\)"):
        read_file(tmp_path / "gone.ris")


@given(st.binary(max_size=400))
def test_no_bytes_make_reading_fail_otherwise(data: bytes) -> None:
    try:
        entries = read_bytes(data, "any.ris").entries
    except InputError as error:
        refused = error.message
    else:
        refused = ""
    assert refused.endswith("Nothing was imported.") if refused else entries > 0


@pytest.mark.parametrize(
    ("stored", "encoding"),
    [
        (ENTRY.encode(), "utf-8"),
        (b"\xef\xbb\xbf" + ENTRY.encode(), "utf-8"),
        (ENTRY.encode("utf-16"), "utf-16"),
        (b"\xfe\xff" + ENTRY.encode("utf-16-be"), "utf-16"),
        (ENTRY.encode("utf-16-le"), "utf-16-le"),
        (ENTRY.encode("cp1252"), "cp1252"),
    ],
)
def test_encodings(stored: bytes, encoding: str) -> None:
    parsed = read_bytes(stored, "results.ris")
    assert parsed.encoding == encoding
    assert parsed.records[0].title == "Essai randomisé à Zürich"
    assert parsed.records[0].authors == ("Müller, J",)


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_english_in_utf_16_without_a_mark(encoding: str) -> None:
    data = "TY  - JOUR\nTI  - A randomised trial\nER  - \n".encode(encoding)
    assert read_bytes(data, "results.ris").records[0].title == "A randomised trial"


def test_cyrillic_in_an_encoding_of_its_own() -> None:
    text = "TY  - JOUR\nTI  - Платформенная занятость: масштабы и признаки неустойчивости в России\nER  - \n"
    assert read_bytes(text.encode("cp1251"), "results.ris").records[0].title in text


def test_stray_bytes_in_utf_8_are_read_as_windows_1252() -> None:
    data = (ENTRY * 3).encode() + "TY  - JOUR\nTI  - Café\nER  - \n".encode("cp1252")
    parsed = read_bytes(data, "joined.ris")
    assert [r.title for r in parsed.records] == ["Essai randomisé à Zürich"] * 3 + ["Café"]


def test_a_download_cut_off_within_a_character() -> None:
    data = b"TY  - JOUR\nTI  - Whole\nER  - \nTY  - JOUR\nTI  - Cut \xc3"
    assert [r.title for r in read_bytes(data, "cut.ris").records] == ["Whole", "Cut"]


def test_content_decides_not_the_name(tmp_path: Path) -> None:
    file = tmp_path / "results.csv"
    file.write_text(ENTRY, encoding="utf-8")
    parsed = read_file(file)
    assert (parsed.name, parsed.format) == ("results.csv", "ris")


def test_progress_grows_to_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "REPORT_EVERY", 10)
    seen: list[float] = []
    read_bytes((ENTRY * 95).encode(), "results.ris", seen.append)
    assert len(seen) == 10
    assert seen == sorted(seen)
    assert seen[0] == pytest.approx(10 / 95, abs=0.02)
    assert seen[-1] == 1.0


def test_stopping_imports_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "REPORT_EVERY", 10)
    with pytest.raises(ImportCancelled, match=r"Reading results\.ris was stopped\. Nothing was imported\."):
        read_bytes((ENTRY * 95).encode(), "results.ris", cancelled=lambda: True)


@pytest.mark.parametrize("format", FORMATS, ids=lambda format: format.key)
def test_every_format_keeps_the_contract(format: Format) -> None:
    assert sum(other.key == format.key for other in FORMATS) == 1
    assert format.suffixes
    assert all(suffix.startswith(".") for suffix in format.suffixes)
    assert format.sniff("Dear colleague,\nthe search is attached.\n") == 0
    assert list(format.parse("")) == []
    if format.write:
        written = format.write([ReferenceRecord(kind="book", title="A title", authors=("Li, X",), year=2001)])
        read = read_bytes(written.encode(), "written")
        assert read.format == format.key
        assert read.records == (ReferenceRecord(kind="book", title="A title", authors=("Li, X",), year=2001),)


@pytest.mark.parametrize("format", FORMATS, ids=lambda format: format.key)
@given(
    text=st.text(
        st.characters(exclude_categories=("Cs",), exclude_characters="\r")
        | st.sampled_from("\n -%<>.;,\tTYPMIDERA0123")
    )
)
def test_no_text_makes_a_format_fail(format: Format, text: str) -> None:
    assert 0 <= format.sniff(text) <= 1
    assert all(0 <= entry.begin <= entry.end <= len(text) for entry in format.parse(text))
