"""Explanations of reviews that come from other programs, and of what is handed on to them."""

from __future__ import annotations

from core.explain.topic import Topic
from core.language import mark

_PAGE = ("report",)

TOPICS = (
    Topic(
        "revman_check",
        mark("Check against RevMan"),
        _PAGE,
        mark(
            "A RevMan file holds its data and the results that RevMan computed from them. Computing every result again "
            "and comparing shows that both programs mean the same by the same words."
        ),
        copse=mark(
            "Each study effect, weight, subtotal, total and test is computed from the file's own data and "
            "settings. A difference is shown with both values and the likely reason: results stored before "
            "data were edited, settings changed afterwards, or rounding."
        ),
        source=mark("Review Manager 5, statistical algorithms (Deeks and Higgins, 2010)"),
        related=("revman_file",),
        words=mark("verify verification RevMan match differences"),
    ),
    Topic(
        "revman_file",
        mark("What was read from the file"),
        _PAGE,
        mark(
            "Each part of the file with its count and the page it is found on. What was read in a way to know of, or "
            "has no place in Copse, is listed as a remark."
        ),
        copse=mark(
            "The whole file is kept in the review. Written back to RevMan, what was not changed here is as it "
            "was, also what Copse shows nowhere."
        ),
        related=("revman_check", "revman_texts"),
        words=mark("import rm5 remarks kept"),
    ),
    Topic(
        "revman_texts",
        mark("Texts of an imported review"),
        _PAGE,
        mark(
            "Abstract, background, methods, results and discussion, summary of findings tables, figures and appendices "
            "as the file has them."
        ),
        copse=mark(
            "For reading: they are not changed here. Protocol, studies, risk of bias and analyses were taken into "
            "their own pages."
        ),
        related=("revman_file",),
        words=mark("document sections appendices"),
    ),
)
