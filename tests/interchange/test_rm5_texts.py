"""Formatted text as plain text and as HTML."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from core.interchange.model import HTML_ELEMENTS
from core.interchange.rm5.texts import RICH, Html, plain, plain_of_html

LABELS = {"STD-A-1": "A 1 & co", "CMP-001.02": "Analysis 1.2"}


def both(inside: str) -> tuple[str, str]:
    element = etree.fromstring(f"<CHAR_NOTES>{inside}</CHAR_NOTES>")
    return plain(element), Html(LABELS).of(element)


@pytest.mark.parametrize(
    ("inside", "text", "html"),
    [
        ("", "", ""),
        ("<P/><P> </P>", "", ""),
        ("bare &amp; plain", "bare & plain", "<p>bare &amp; plain</p>"),
        ("<P>one</P>\n<P>two\n  lines</P>", "one\ntwo lines", "<p>one</p><p>two lines</p>"),
        ("<P>a<BR/>b</P>", "a\nb", "<p>a<br>b</p>"),
        ("<P><B>b</B> <I>i</I><U>u</U> x<SUP>2</SUP><SUB>3</SUB></P>", "b iu x23",
         "<p><b>b</b> <i>i</i><u>u</u> x<sup>2</sup><sub>3</sub></p>"),
        ("<OL><LI>a</LI><LI>b<UL><LI>c</LI></UL></LI></OL>", "a\nb\nc",
         "<ol><li>a</li><li>b<ul><li>c</li></ul></li></ol>"),
        ("<SUBSECTION><HEADING LEVEL='3'>H</HEADING><P>x</P></SUBSECTION>", "H\nx", "<h3>H</h3><p>x</p>"),
        ("<HEADING LEVEL='9'>H</HEADING>", "H", "<h5>H</h5>"),
        ("<P>5 &lt; 6\u00a0mg</P>", "5 < 6\u00a0mg", "<p>5 &lt; 6\u00a0mg</p>"),
        ("<TABLE COLS='2' ROWS='1'><TR><TH COLSPAN='2' ROWSPAN='x'><P>a</P><P>b</P></TH></TR>"
         "<TR><TD>c</TD><TD/></TR></TABLE>",
         "a b\nc",
         '<table><tr><th colspan="2"><p>a</p><p>b</p></th></tr><tr><td><p>c</p></td><td></td></tr></table>'),
        ("<P>x <LINK REF='STD-A-1' TYPE='STUDY'>Anna</LINK></P>", "x Anna", '<p>x <a href="#STD-A-1">Anna</a></p>'),
        ("<P><LINK REF='STD-A-1'/>, <LINK REF='CMP-001.02'/>, <LINK REF='X'/></P>", ", ,",
         '<p><a href="#STD-A-1">A 1 &amp; co</a>, <a href="#CMP-001.02">Analysis 1.2</a>, <a href="#X">X</a></p>'),
        ("<P><A HREF='https://x.org?a=1&amp;b'>x</A></P>", "x", '<p><a href="https://x.org?a=1&amp;b">x</a></p>'),
        ("<P><A HREF='javascript:alert(1)'>x</A></P>", "x", "<p>x</p>"),
        ("<P>old <DEL>gone</DEL><INS>new</INS><MARKER>!</MARKER></P>", "old new!", "<p>old new!</p>"),
        ("<P><SPAN CLASS='deleted'>gone</SPAN><SPAN CLASS='inserted'>new</SPAN></P>", "new", "<p>new</p>"),
        ("<P>a <UNHEARD>b</UNHEARD> c</P>", "a b c", "<p>a b c</p>"),
        ("<OL>a<LI>b</LI><B>c</B></OL>", "a\nb\nc", "<ol><li>a</li><li>b</li><li><b>c</b></li></ol>"),
        ("<TABLE>a<TR>b<TD>c</TD></TR></TABLE>", "a\nbc",
         "<table><tr><td>a</td></tr><tr><td>b</td><td><p>c</p></td></tr></table>"),
        ("<P>a<!-- no -->b<?no no?>c</P>", "abc", "<p>abc</p>"),
    ],
)  # fmt: skip
def test_formatted_text(inside: str, text: str, html: str) -> None:
    assert both(inside) == (text, html)


def test_notes_are_text() -> None:
    noted = (
        '<p>one &amp; <span class="deleted">two</span><span class="inserted">three<br>four</span></p><p>five\ufeff</p>'
    )
    assert plain_of_html(noted) == "one & three\nfour\nfive"


LEAF = st.sampled_from(["a", " ", "&lt;b&gt;", "\n", "<BR/>", "é"])
INSIDE = st.recursive(
    LEAF,
    lambda inner: st.tuples(st.sampled_from(sorted(RICH)), st.lists(inner, max_size=4)).map(
        lambda pair: f"<{pair[0]}>{''.join(pair[1])}</{pair[0]}>"
    ),
    max_leaves=20,
)


class Checked(HTMLParser):
    """Elements closed in the order they were opened, and no others than the model's."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in HTML_ELEMENTS
        if tag not in ("br", "img"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text.append(data)


@given(INSIDE)
def test_html_is_well_formed_and_says_the_same(inside: str) -> None:
    text, html = both(inside)
    checked = Checked()
    checked.feed(html)
    checked.close()
    assert checked.open == []
    assert re.sub(r"\s", "", "".join(checked.text)) == re.sub(r"\s", "", text)


def test_text_within_text_without_end() -> None:
    depth = 90
    text, html = both("<B>" * depth + "x" + "</B>" * depth)
    assert text == "x"
    assert html.count("<b>") == depth
