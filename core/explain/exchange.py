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
    Topic(
        "revman_remarks",
        mark("Remarks on a file"),
        _PAGE,
        mark(
            "What Copse met in the file and does not know, what refers to something that is not there, and what was "
            "read in another way than it is written."
        ),
        copse=mark("“Kept” says that it is in the file kept in the review and will be written back as it is."),
        related=("revman_file",),
        words=mark("warnings unknown elements"),
    ),
    Topic(
        "came_settled",
        mark("Settled in another program"),
        _PAGE,
        mark(
            "Studies, values and judgements of an imported review were settled by its authors. Copse takes them as the "
            "settled ones and says where they come from."
        ),
        copse=mark(
            "Nobody is asked to screen, extract or judge them again, though any reviewer may: a value settled here "
            "takes the place of the imported one, and the history keeps both."
        ),
        related=("revman_file", "settlement"),
        words=mark("imported consensus"),
    ),
    Topic(
        "export_rm5",
        mark("File of RevMan 5"),
        _PAGE,
        mark("The whole review as RevMan 5 keeps it: studies, references, characteristics, risk of bias, analyses."),
        copse=mark(
            "A review that came from a .rm5 file is written into that file: what was not changed stays as it was. "
            "Domains of tools that RevMan 5 does not know become custom items, with the judgement in words."
        ),
        care=mark(
            "RevMan 5 knows one estimator (DerSimonian and Laird) and normal intervals. Analyses made otherwise are "
            "written in that way, and Copse says which."
        ),
        related=("export_revman_web", "revman_file"),
        words=mark("rm5 write back export"),
    ),
    Topic(
        "export_revman_web",
        mark("Data package of RevMan Web"),
        _PAGE,
        mark("A zip of tables: settings and results of the analyses, their data, studies, risk of bias, references."),
        copse=mark(
            "In the form RevMan Web writes since September 2024, with estimators and intervals as they are here."
        ),
        related=("export_rm5", "export_revman_csv"),
        words=mark("zip csv RevMan Web export"),
    ),
    Topic(
        "export_revman_csv",
        mark("Analysis data as a table"),
        _PAGE,
        mark(
            "One table of comparisons, analyses, subgroups and studies with data and results, as RevMan 5 exports it."
        ),
        copse=mark("With eight decimals. Texts that a spreadsheet would take for a formula are made safe."),
        related=("export_rm5",),
        words=mark("csv spreadsheet export"),
    ),
)
