"""Real export files: every entry of every sample in a format that is read, with the fields checked by eye."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from core.errors import InputError
from core.references.formats import FORMATS, ris
from core.references.reading import read_bytes, read_file
from core.references.record import ParsedFile

READ = frozenset(format.key for format in FORMATS)


def one_space(text: str) -> str:
    return " ".join(text.split())


@pytest.fixture(scope="module")
def samples(reference_data: Path) -> Path:
    return reference_data / "references" / "samples"


@pytest.fixture(scope="module")
def expected(samples: Path) -> dict[str, dict[str, Any]]:
    return json.loads((samples / "expected.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def read(samples: Path, expected: dict[str, dict[str, Any]]) -> dict[str, ParsedFile]:
    return {name: read_file(samples / name) for name, facts in expected.items() if facts["format"] in READ}


def test_every_sample_of_these_formats_is_recognised(
    read: dict[str, ParsedFile], expected: dict[str, dict[str, Any]]
) -> None:
    assert len(read) >= 45
    assert {name: parsed.format for name, parsed in read.items()} == {name: expected[name]["format"] for name in read}


def test_every_entry_is_imported_or_reported(read: dict[str, ParsedFile], expected: dict[str, dict[str, Any]]) -> None:
    assert {name: parsed.entries for name, parsed in read.items()} == {name: expected[name]["n"] for name in read}
    # the one file with entries nobody could screen is a made-up one
    assert {name: len(parsed.rejected) for name, parsed in read.items() if parsed.rejected} == {
        "endnote_entries.enw": 8
    }


def test_fields_are_as_read_by_eye(read: dict[str, ParsedFile], expected: dict[str, dict[str, Any]]) -> None:
    wrong: list[str] = []
    for name, parsed in read.items():
        if parsed.rejected:
            continue
        for facts in expected[name]["records"]:
            record = parsed.records[facts["index"]]
            author = record.authors[0] if record.authors else ""
            found = {
                "title": one_space(record.title),
                "year": str(record.year),
                "doi": record.doi,
                # of Embase's table the facts give all authors in one text
                "first_author": facts["first_author"]
                if (facts["first_author"] or "").startswith(author + ",")
                else author,
            }
            wrong += [
                f"{name} {facts['index']} {key}: {found[key]}" for key in found if facts[key] not in {None, found[key]}
            ]
    assert wrong == []


def test_formats_that_are_not_read_are_refused(samples: Path, expected: dict[str, dict[str, Any]]) -> None:
    for name in (name for name, facts in expected.items() if facts["format"] not in READ):
        with pytest.raises(InputError, match="Nothing was imported"):
            read_file(samples / name)


def test_a_file_written_again_holds_the_same_records(read: dict[str, ParsedFile]) -> None:
    for name, parsed in read.items():
        if parsed.format == "ris":
            again = read_bytes(ris.write(parsed.records).encode(), name)
            assert again.records == parsed.records, name


def test_one_search_in_five_databases(reference_data: Path) -> None:
    folder = reference_data / "references" / "multidb_gambling"
    counts = {file.name: len(read_file(file).records) for file in sorted(folder.glob("*.ris"))}
    assert counts == {
        "crimjust_41.ris": 41,
        "lens_49.ris": 49,
        "psycinfo_124.ris": 124,
        "pubmed_176.ris": 176,
        "scopus_255.ris": 255,
    }
