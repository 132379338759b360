"""XML of all sorts: what is put right, and what is refused with a sentence that helps."""

from __future__ import annotations

import contextlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from core.errors import CopseError, InputError
from core.interchange.model import Remark
from core.interchange.rm5.xml import MAX_DEPTH, parse


def text_of(data: bytes) -> tuple[str, list[Remark]]:
    """The text of the document, and the remarks."""
    remarks: list[Remark] = []
    root = parse(data, "a.rm5", remarks).getroot()
    return "".join(root.itertext()), remarks


def refusal(data: bytes) -> InputError:
    with pytest.raises(InputError) as caught:
        parse(data, "a.rm5")
    assert "a.rm5" in caught.value.message
    return caught.value


# --- encodings -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("declared", "written"),
    [
        ("UTF-8", "utf-8"),
        ("UTF-8", "utf-8-sig"),
        ("UTF-16", "utf-16"),
        ("UTF-16", "utf-16-le"),
        ("UTF-16", "utf-16-be"),
        ("ISO-8859-1", "iso-8859-1"),
        ("windows-1252", "cp1252"),
        ("windows-1251", "cp1251"),
    ],
)
def test_encoding_as_declared(declared: str, written: str) -> None:
    letters = "Ямб" if written == "cp1251" else "Bjørn naïve"
    data = f'<?xml version="1.0" encoding="{declared}"?>\n<a>{letters}</a>'.encode(written)
    assert text_of(data) == (letters, [])


@pytest.mark.parametrize("declared", ["UTF-16", "klingon", "utf-7"])
def test_declaration_does_not_matter_where_all_letters_are_english(declared: str) -> None:
    assert text_of(f'<?xml version="1.0" encoding="{declared}"?><a>x</a>'.encode()) == ("x", [])


def test_no_declaration_is_utf8() -> None:
    assert text_of("<a>Bjørn – ≥ 3</a>".encode()) == ("Bjørn – ≥ 3", [])


@pytest.mark.parametrize(
    ("declared", "written", "says"),
    [
        ("UTF-8", "cp1252", "Windows-1252"),
        ("ISO-8859-1", "cp1252", "Windows-1252"),
        ("ISO-8859-1", "utf-8", "UTF-8"),
        ("klingon", "cp1252", "klingon"),
        ("US-ASCII", "cp1252", "us-ascii"),
        ("UTF-16", "cp1252", "utf-16"),
        ("EBCDIC-CP-US", "cp1252", "ebcdic"),
        ("unicode_escape", "cp1252", "unicode_escape"),
        ("zip", "cp1252", "zip"),
    ],
)
def test_untrue_declaration_is_remarked(declared: str, written: str, says: str) -> None:
    data = f'<?xml version="1.0" encoding="{declared}"?><a>naïve “x” ≥</a>'.replace(" ≥", "").encode(written)
    text, remarks = text_of(data)
    assert text == "naïve “x”"
    assert len(remarks) == 1
    assert says in remarks[0].what


def test_stray_bytes_in_utf8_leave_the_rest() -> None:
    text, remarks = text_of("<a>≥ Bjørn</a>".encode().replace("ø".encode(), b"\xf8"))
    assert text == "≥ Bjørn"
    assert len(remarks) == 1


# --- put right -------------------------------------------------------------------------------------------------------


def test_control_characters_are_dropped_with_a_remark() -> None:
    text, remarks = text_of(b"<a>one\x00\x0b two&#2;&#xFFFF; three&#9;&#233;</a>")
    assert text == "one two three\té"
    assert len(remarks) == 1
    assert remarks[0].what.startswith("4 ")
    assert not remarks[0].kept


def test_text_of_many_megabytes() -> None:
    data = b"<a>" + b"QUJD" * 3_000_000 + b"</a>"
    assert len(text_of(data)[0]) == 12_000_000


def test_names_of_html_are_their_characters() -> None:
    data = b"<a b='&eacute;'>x&nbsp;y &ge; &amp;nbsp; &lt;&LT;<![CDATA[&nbsp;]]><!-- &nbsp; --></a>"
    root = parse(data, "a.rm5").getroot()
    assert root.get("b") == "é"
    assert root.text == "x\u00a0y ≥ &nbsp; <<&nbsp;"
    assert b"<!-- &nbsp; -->" in etree.tostring(root)


def test_comments_instructions_and_cdata_stay() -> None:
    data = b"<a><!-- c --><?p q?><![CDATA[<x>]]></a>"
    assert etree.tostring(parse(data, "a.rm5")) == data


def test_blank_before_the_declaration() -> None:
    assert text_of(b'\n  <?xml version="1.0" encoding="UTF-8"?>\n<a>x</a>')[0] == "x"


# --- refused ---------------------------------------------------------------------------------------------------------

BOMB = b"""<?xml version="1.0"?>
<!DOCTYPE a [<!ENTITY x "ha"><!ENTITY y "&x;&x;&x;"><!ENTITY z "&y;&y;&y;">]>
<a b="&z;">&z;</a>"""


@pytest.mark.parametrize(
    "data",
    [
        BOMB,
        BOMB.decode().encode("utf-16"),
        b'<!DOCTYPE a SYSTEM "a>b" [<!ENTITY x "y">]><a b="&x;"/>',
        b'<!DOCTYPE a PUBLIC "x" \'y>[\' [<!ENTITY % p SYSTEM "file:///etc/passwd"> %p;]><a/>',
        b'<!--x--><?p?>\n<!DOCTYPE a[<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>',
    ],
)
def test_declared_entities_are_refused(data: bytes) -> None:
    error = refusal(data)
    assert error.code == "xml.declarations"
    assert "entities" in error.message


def test_external_document_type_is_not_loaded(tmp_path: Path) -> None:
    dtd = tmp_path / "a.dtd"
    dtd.write_text('<!ENTITY secret "told"><!ATTLIST a b CDATA "default">')
    root = parse(f'<!DOCTYPE a SYSTEM "{dtd.as_uri()}"><a/>'.encode(), "a.rm5").getroot()
    assert root.get("b") is None
    assert "secret" in refusal(f'<!DOCTYPE a SYSTEM "{dtd.as_uri()}"><a>&secret;</a>'.encode()).message


@pytest.mark.parametrize(
    ("data", "code", "says"),
    [
        (b"", "xml.empty", "empty"),
        (b" \r\n\x00", "xml.empty", "empty"),
        (b"PK\x03\x04....word/document.xml", "xml.other-file", "Word"),
        (b"PK\x03\x04....", "xml.other-file", "ZIP"),
        (b"<!DOCTYPE html><html><body>Sign in</body></html>", "xml.other-file", "web page"),
        (b"%PDF-1.7", "xml.other-file", "PDF"),
        (b"Author,Year\nSmith,2001\n", "xml.other-file", "not a review file"),
        (b"<a>\n<b>\n</a>", "xml.broken", "line 3"),
        (b"<a>\n\n<b x=1/>\n</a>", "xml.broken", "line 3"),
        (b"<a>\n&unheard;\n</a>", "xml.broken", "unheard"),
        (b"<a/>\n<b/>", "xml.broken", "line 2"),
        (b"<a>\n<b>\nx", "xml.cut-off", "line 3"),
        (b"<a>\n<b x='1", "xml.cut-off", "line 2"),
        (b"<a>\n<b", "xml.cut-off", "line 2"),
    ],
)
def test_what_is_no_whole_xml_is_refused(data: bytes, code: str, says: str) -> None:
    error = refusal(data)
    assert error.code == code
    assert says in error.message
    assert "Nothing was opened" in error.message


def test_line_is_right_behind_what_was_put_right() -> None:
    assert "line 4" in refusal(b"<a>\n\x01&nbsp;\n&NewLine;\n</b>").message


@pytest.mark.parametrize("depth", [MAX_DEPTH + 1, 100_000])
def test_elements_without_end_are_refused(depth: int) -> None:
    assert refusal(b"<a>" * depth + b"</a>" * depth).code in ("xml.too-deep", "xml.broken")


def read_or_refused(data: bytes) -> None:
    """Nothing but a refusal may be raised."""
    with contextlib.suppress(CopseError):
        parse(data, "a.rm5")


@given(st.binary())
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    read_or_refused(data)


@given(st.text(alphabet="<>/&;!?[]-=\"'#x aé\x00\ufffe\n", max_size=60), st.sampled_from(["utf-8", "utf-16"]))
def test_anything_like_xml_is_read_or_refused(text: str, encoding: str) -> None:
    read_or_refused(f"<a>{text}</a>".encode(encoding))
