"""XML that may come from anywhere: made a tree without loading, expanding or fetching anything.

What real files have wrong and every reader can see is put right, with a remark: a declaration that names another
encoding than the text has, characters that XML forbids, names of HTML for characters.
"""

from __future__ import annotations

import codecs
import html.entities
import re
from typing import Final, TypeAlias

from lxml import etree

from core.errors import InputError
from core.interchange.model import Remark
from core.language import mark, phrase
from core.references.encodings import other_kind

Element: TypeAlias = etree._Element  # pyright: ignore[reportPrivateUsage]  # the stubs have no public name for it
Tree: TypeAlias = etree._ElementTree  # pyright: ignore[reportPrivateUsage]

MAX_DEPTH: Final = 100
"""Elements within elements; a review has about fifteen."""

_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_DECLARED = re.compile(rb"""^\s*<\?xml[^>]*?encoding\s*=\s*["']([A-Za-z0-9._-]+)["']""")
_FORBIDDEN: Final = bytes({*range(32)} - {9, 10, 13})
_NO_CHARACTERS: Final = (b"\xef\xbf\xbe", b"\xef\xbf\xbf")
_REFERENCE = re.compile(rb"&#(?:x([0-9A-Fa-f]+)|([0-9]+));")
_NAMED = re.compile(rb"&(?!(?:amp|lt|gt|quot|apos);)([A-Za-z][A-Za-z0-9]*;)")
_LITERAL = re.compile(rb"<!--.*?-->|<!\[CDATA\[.*?\]\]>|<\?.*?\?>|&[#A-Za-z][A-Za-z0-9]*;", re.DOTALL)
_PROLOG = re.compile(rb"\s+|<\?.*?\?>|<!--.*?-->", re.DOTALL)
_DOCTYPE = re.compile(
    rb"""<!DOCTYPE\s+[^\s"'<>\[]+(?:\s+(?:SYSTEM|PUBLIC)(?:\s*(?:"[^"]*"|'[^']*'))*)?\s*>""", re.IGNORECASE
)
_LATE_DECLARATION = re.compile(rb"\s+<\?xml\s[^>]*\?>")
_STRAY = re.compile("[\udc80-\udcff]")
_C1 = re.compile("[\x80-\x9f]")


def parse(data: bytes, name: str, remarks: list[Remark] | None = None) -> Tree:
    """The tree of the XML document `data`, of the file `name`; what had to be put right is added to `remarks`.

    Comments, processing instructions and CDATA stay. Raises InputError for what is no XML, is broken (with the line) or
    brings a document type with declarations of its own, which could expand without end or name other files.
    """
    noted = [] if remarks is None else remarks
    _refuse_other(data, name)
    text = _named_characters(_allowed(_as_utf8(data, noted), noted))
    if late := _LATE_DECLARATION.match(text):  # XML wants it first; it has said all it had to say
        text = _blanked(text, late)
    text = _without_document_type(text, name)
    parser = etree.XMLParser(
        encoding="utf-8",
        resolve_entities=False,
        load_dtd=False,
        dtd_validation=False,
        no_network=True,
        huge_tree=True,
        strip_cdata=False,
    )
    try:
        root = etree.fromstring(text, parser)
    except etree.XMLSyntaxError as error:
        raise _broken(error, text, name) from error
    _refuse_depth(root, name)
    return root.getroottree()


def _refuse_other(data: bytes, name: str) -> None:
    if not data.strip(b" \t\r\n\x00"):
        raise InputError(
            "xml.empty", "{file} is empty. Copy or export it again, and open that. Nothing was opened.", file=name
        )
    if kind := other_kind(data):
        raise _other_file(name, kind)


def _other_file(name: str, kind: str) -> InputError:
    return InputError(
        "xml.other-file",
        "{file} is {kind}, not a review file in XML. Save the review from RevMan as .rm5, and open that. "
        "Nothing was opened.",
        file=name,
        kind=kind,
    )


# --- encodings -------------------------------------------------------------------------------------------------------


def _as_utf8(data: bytes, remarks: list[Remark]) -> bytes:
    """The text in UTF-8 without byte order mark. What the bytes are goes before what the declaration says."""
    for mark_, encoding in _BOMS:
        if data.startswith(mark_):
            rest = data[len(mark_) :]
            return _checked_utf8(rest, "", remarks) if encoding == "utf-8" else _recoded(rest, encoding)
    head = data[:4096]
    if head.count(b"\x00") > len(head) / 4:
        return _recoded(data, "utf-16-le" if head[1::2].count(0) > head[::2].count(0) else "utf-16-be")
    if data.isascii():
        return data
    declared = _DECLARED.match(head)
    encoding = declared[1].decode().lower() if declared else ""
    if encoding in ("", "utf-8", "utf8") or _is_utf8(data):
        return _checked_utf8(data, encoding, remarks)
    return _eight_bits(data, encoding, remarks)


def _recoded(data: bytes, encoding: str) -> bytes:
    return data.decode(encoding, "replace").encode("utf-8", "replace")


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _checked_utf8(data: bytes, declared: str, remarks: list[Remark]) -> bytes:
    """Text in UTF-8; bytes in it that are none are Windows-1252."""
    if _is_utf8(data):
        if declared not in ("", "utf-8", "utf8"):
            said = phrase("The file says that its encoding is {encoding}, but it is UTF-8.", encoding=declared)
            remarks.append(Remark("XML", said))
        return data
    text = data.decode("utf-8", "surrogateescape")
    remarks.append(
        Remark("XML", mark("The file is not in UTF-8 as it says; what is none was read as Windows-1252 (Western)."))
    )
    return _STRAY.sub(lambda found: _western(ord(found.group()) - 0xDC00), text).encode()


def _western(byte: int) -> str:
    try:
        return bytes([byte]).decode("cp1252")
    except UnicodeDecodeError:
        return chr(byte)


def _eight_bits(data: bytes, declared: str, remarks: list[Remark]) -> bytes:
    """Text in the declared encoding. Latin-1 with characters of Windows-1252 is that; an unknown name is too."""
    text = _decoded(data, declared)
    if text is None:
        said = phrase("The file says that its encoding is {encoding}; it was read as Windows-1252.", encoding=declared)
        remarks.append(Remark("XML", said))
        return data.decode("latin-1").translate(_WESTERN).encode()
    if codecs.lookup(declared).name == "iso8859-1" and _C1.search(text):
        text = text.translate(_WESTERN)
        remarks.append(
            Remark("XML", mark("The file says that it is Latin-1, but has signs of Windows-1252; it was read as that."))
        )
    return text.encode("utf-8", "replace")


def _decoded(data: bytes, encoding: str) -> str | None:
    """The text; None when the encoding is none, or not one in which the declaration could have been read."""
    try:
        if codecs.lookup(encoding).name in _NO_CHARSETS or not data[:64].decode(encoding).lstrip().startswith("<?xml"):
            return None
        return data.decode(encoding)
    except (LookupError, UnicodeError):
        return None


_NO_CHARSETS: Final = ("idna", "punycode", "raw-unicode-escape", "undefined", "unicode-escape", "utf-7")
"""Encodings of Python that are not for documents."""
_WESTERN: Final = {byte: _western(byte) for byte in range(0x80, 0xA0)}


# --- what XML does not allow -----------------------------------------------------------------------------------------


def _allowed(text: bytes, remarks: list[Remark]) -> bytes:
    """Without the characters that no XML document may have, written out or as a number."""
    size = len(text)
    text = text.translate(None, _FORBIDDEN)
    dropped = size - len(text)
    for sign in _NO_CHARACTERS:
        dropped += text.count(sign)
        text = text.replace(sign, b"")
    if b"&#" in text:
        kept, count = _without_references(text)
        text, dropped = kept, dropped + count
    if dropped:
        said = phrase("{n} control characters, which XML does not allow, were left out.", n=dropped)
        remarks.append(Remark("XML", said, kept=False))
    return text


def _without_references(text: bytes) -> tuple[bytes, int]:
    dropped = 0

    def kept(found: re.Match[bytes]) -> bytes:
        nonlocal dropped
        digits = found[1] or found[2]
        code = int(digits, 16 if found[1] else 10) if len(digits) < 20 else -1
        if code in (9, 10, 13) or 0x20 <= code < 0xD800 or 0xE000 <= code < 0xFFFE or 0x10000 <= code < 0x110000:
            return found.group()
        dropped += 1
        return b""

    return _REFERENCE.sub(kept, text), dropped


def _named_characters(text: bytes) -> bytes:
    """Characters under their HTML names (``&nbsp;``) by their numbers, but not in comments and CDATA."""
    return _LITERAL.sub(_numbered, text) if _NAMED.search(text) else text


def _numbered(found: re.Match[bytes]) -> bytes:
    named = _NAMED.fullmatch(found.group())
    characters = html.entities.html5.get(named[1].decode(), "") if named else ""
    return b"".join(b"&#%d;" % ord(sign) for sign in characters) or found.group()


def _blanked(text: bytes, found: re.Match[bytes]) -> bytes:
    """Without what was found, every line where it was."""
    return text[: found.start()] + re.sub(rb"[^\n]", b" ", found.group()) + text[found.end() :]


def _without_document_type(text: bytes, name: str) -> bytes:
    """A document type is no part of a review file: one that only names itself, or a file beside it, is passed over."""
    at = 0
    while found := _PROLOG.match(text, at):
        at = found.end()
    if text[at : at + 9].upper() != b"<!DOCTYPE":
        return text
    plain = _DOCTYPE.match(text, at)
    if plain is None:
        raise InputError(
            "xml.declarations",
            "{file} brings definitions of its own (entities, in line {line}). Review files have none; such definitions "
            "can fill a computer's memory or read other files, so Copse does not follow them. Open the file in RevMan,"
            " save it, and open that. Nothing was opened.",
            file=name,
            line=text.count(b"\n", 0, at) + 1,
        )
    return _blanked(text, plain)


# --- broken ----------------------------------------------------------------------------------------------------------


def _broken(error: etree.XMLSyntaxError, text: bytes, name: str) -> InputError:
    if not text.lstrip().startswith(b"<"):
        return _other_file(name, mark("something else"))
    line = error.position[0] or 1
    what = re.sub(r", line \d+, column \d+.*$", "", str(error.msg or error)).strip()
    within = line > text.rstrip().count(b"\n") and not text.rstrip().endswith(b">") and "Extra content" not in what
    if within or "Premature end" in what:
        return InputError(
            "xml.cut-off",
            "{file} ends too early, in line {line}: the rest is missing ({what}). Copy or download it again, and open "
            "that. Nothing was opened.",
            file=name,
            line=line,
            what=what,
        )
    return InputError(
        "xml.broken",
        "{file} is broken XML in line {line}: {what}. Open it in RevMan and save it again, or mend that line in a text "
        "editor. Nothing was opened.",
        file=name,
        line=line,
        what=what,
    )


def _refuse_depth(root: Element, name: str) -> None:
    depth = 0
    for event, element in etree.iterwalk(root, events=("start", "end")):
        depth += 1 if event == "start" else -1
        if depth > MAX_DEPTH:
            raise InputError(
                "xml.too-deep",
                "{file} has more than {limit} elements within each other (line {line}), as no review file has. It was "
                "not read further. Nothing was opened.",
                file=name,
                limit=MAX_DEPTH,
                line=element.sourceline or 0,
            )
