"""What a file's bytes are: some other kind of file, or text and in which encoding."""

from __future__ import annotations

import codecs
import re
from pathlib import Path

from core.errors import InputError
from core.language import mark

_SIGNATURES: tuple[tuple[bytes, str], ...] = (
    (b"%PDF-", mark("a PDF")),
    (b"{\\rtf", mark("a formatted document (RTF)")),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", mark("an old Office document")),
    (b"\x1f\x8b", mark("a compressed file (gzip)")),
    (b"7z\xbc\xaf\x27\x1c", mark("a compressed file (7z)")),
    (b"Rar!\x1a\x07", mark("a compressed file (RAR)")),
    (b"\x89PNG\r\n", mark("a picture")),
    (b"\xff\xd8\xff", mark("a picture")),
    (b"SQLite format 3\x00", mark("a database file")),
)
_ZIPPED: tuple[tuple[bytes, str], ...] = (
    (b"word/", mark("a Word document")),
    (b"xl/", mark("an Excel workbook")),
    (b"ppt/", mark("a PowerPoint presentation")),
    (b"mimetypeapplication/vnd.oasis", mark("an OpenDocument file")),
    (b"mimetypeapplication/epub", mark("an e-book")),
)
_BOMS: tuple[tuple[bytes, str], ...] = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_LIKELY = [
    "cp1252",
    "latin_1",
    "cp1250",
    "cp1251",
    "cp1253",
    "cp1254",
    "mac_roman",
    "gb18030",
    "big5",
    "shift_jis",
    "euc_kr",
]
_GUESS_FROM = 262_144
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1a\x7f]")


def file_bytes(path: Path, size: int = -1) -> bytes:
    """What is in a file, or its first ``size`` bytes. InputError when it cannot be read."""
    try:
        with path.open("rb") as file:
            return file.read(size)
    except OSError as error:
        raise InputError(
            "import.unreadable",
            "{file} could not be read ({reason}). Check that it is there and that you may open it."
            " Nothing was imported.",
            file=path.name,
            reason=error.strerror or type(error).__name__,
        ) from error


def refuse_other_files(data: bytes, name: str) -> None:
    """Raise InputError when the bytes are nothing or no text: PDF, Word, Excel, ZIP, web page and the like."""
    if not data.strip():
        raise InputError(
            "import.empty", "{file} is empty. Export the search again and import that. Nothing was imported.", file=name
        )
    what = other_kind(data)
    if what == "an Excel workbook":
        raise InputError(
            "import.excel",
            "{file} is an Excel workbook, not a reference file. Save it as CSV, or export the search as RIS, and import"
            " that. Nothing was imported.",
            file=name,
        )
    if what == "a web page":
        raise InputError(
            "import.web-page",
            "{file} is a web page, not a reference file; perhaps the session at the database had ended. Export the "
            "search from the database as RIS and import that. Nothing was imported.",
            file=name,
        )
    if what:
        raise InputError(
            "import.other-file",
            "{file} is {kind}, not a reference file. Export the search from the database as RIS and import that. "
            "Nothing was imported.",
            file=name,
            kind=what,
        )


def other_kind(data: bytes) -> str:
    """What kind of file the bytes are that is no plain text ("a PDF", "a web page"); empty for anything else."""
    start = data[:4096].lstrip(codecs.BOM_UTF8 + b" \t\r\n")
    for signature, kind in _SIGNATURES:
        if start.startswith(signature):
            return kind
    if b"%PDF-" in data[:1024]:
        return mark("a PDF")
    if start.startswith(b"PK\x03\x04"):
        return next(
            (kind for name, kind in _ZIPPED if name in data[:65_536] or name in data[-65_536:]),
            mark("a compressed file (ZIP)"),
        )
    if re.match(rb"<!doctype html|<html|<head|<\?xml[^>]*>\s*(?:<!doctype html|<html)", start, re.IGNORECASE):
        return mark("a web page")
    return ""


def decode(data: bytes, name: str) -> tuple[str, str]:
    """The text with LF line ends and without byte order mark, and the encoding found.

    A byte order mark decides, then UTF-8; in a text that is UTF-8 but for stray bytes these are read as Windows-1252;
    else the encoding is guessed from the bytes. Raises InputError when what comes out is no text.
    """
    text, encoding = _decoded(data)
    if text is not None and "\x00" in text:
        text = text.replace("\x00", "") if text.count("\x00") < len(text) / 1000 else None
    if text is None or len(_CONTROL.findall(text[:_GUESS_FROM])) > len(text[:_GUESS_FROM]) / 100:
        raise InputError(
            "import.encoding",
            "{file} is not text in an encoding Copse knows. Export the search again, as RIS in UTF-8, and import that."
            " Nothing was imported.",
            file=name,
        )
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return text.removeprefix("\ufeff"), encoding


def _decoded(data: bytes) -> tuple[str | None, str]:
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return _strictly_or_not(data, encoding), encoding.removesuffix("-sig")
    silent = data[:_GUESS_FROM]
    if silent.count(b"\x00") > len(silent) / 4:  # asked first: where all letters are English it is UTF-8 as well
        encoding = "utf-16-le" if silent[1::2].count(0) > silent[::2].count(0) else "utf-16-be"
        return _strictly_or_not(data, encoding), encoding
    try:
        return data.decode("utf-8"), "utf-8"
    except UnicodeDecodeError as error:
        if error.start >= len(data) - 3:  # a download that was cut off within a character
            return data[: error.start].decode("utf-8"), "utf-8"
    return _mostly_utf8(data) or _guessed(data)


def _strictly_or_not(data: bytes, encoding: str) -> str | None:
    """The text; a file that was cut off within a character loses that character only."""
    text = data.decode(encoding, errors="replace")
    return text if text.count("\ufffd") <= 1 + len(text) / 1000 else None


def _mostly_utf8(data: bytes) -> tuple[str, str] | None:
    """UTF-8 with a few bytes of another encoding, as files have that were put together from several."""
    text = data.decode("utf-8", errors="surrogateescape")
    stray = sum("\udc80" <= letter <= "\udcff" for letter in text)
    beyond = sum(letter > "\x7f" for letter in text)
    if stray >= beyond - stray:
        return None
    return _SURROGATE.sub(lambda found: bytes([ord(found.group()) - 0xDC00]).decode("cp1252", "replace"), text), "utf-8"


_WITHIN_WORDS = re.compile(r"(?<=[A-Za-z])[^\x00-\x7f](?=[a-z])")
_SURROGATE = re.compile("[\udc80-\udcff]")


def _guessed(data: bytes) -> tuple[str | None, str]:
    from charset_normalizer import from_bytes  # only here: few files need it, and it takes time to load

    western = data.decode("cp1252", errors="replace")
    within_words = _WITHIN_WORDS.findall(western)
    if within_words and sum(map(str.isalpha, within_words)) > 0.95 * len(within_words):
        return western, "cp1252"
    best = from_bytes(data[:_GUESS_FROM], cp_isolation=_LIKELY).best()
    if best is None:
        return None, ""
    return data.decode(best.encoding, errors="replace"), best.encoding
