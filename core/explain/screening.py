"""Explanations of decisions, conflicts, blinding, full texts and studies."""

from __future__ import annotations

from core.explain.topic import Topic
from core.language import mark

_SCREENING = ("screening",)
_FULLTEXT = ("fulltext",)
_BOTH = ("screening", "fulltext")
_SELECTION = mark("Cochrane Handbook, chapter 4, section 4.6; PRISMA 2020, item 8")

TOPICS = (
    Topic(
        "decision",
        mark("Decisions"),
        _BOTH,
        mark("One reviewer’s answer on one record at one stage. Two people who judge apart from each other miss fewer "
             "relevant studies than one."),
        copse=mark("A decision is kept in the file before the next record shows. You can change it, or take it back "
                   "with U, as long as the record is not settled."),
        source=_SELECTION,
        related=("decision.include", "decision.exclude", "decision.maybe", "conflict", "blinding"),
        words=mark("screen judge verdict"),
    ),
    Topic(
        "decision.include",
        mark("Include"),
        _BOTH,
        mark("At title and abstract: the report may be relevant and is worth reading. At full text: it meets every "
             "criterion and belongs to a study of the review."),
        copse=mark("A record goes on when all the reviewers it needs included it or said maybe. At full text all must "
                   "say Include."),
        care=mark("When in doubt at title and abstract, include: a wrong inclusion costs a reading, a wrong exclusion "
                  "costs a study."),
        source=_SELECTION,
        related=("decision.maybe", "conflict"),
    ),
    Topic(
        "decision.exclude",
        mark("Exclude"),
        _BOTH,
        mark("The record clearly does not meet a criterion."),
        copse=mark("At title and abstract a reason is welcome but not needed. At full text exactly one reason is "
                   "needed, because PRISMA counts by it. The keys 1 to 9 exclude with that reason at once."),
        source=mark("Cochrane Handbook, chapter 4, section 4.6; PRISMA 2020, items 8 and 16b"),
        related=("reason", "decision", "flow.excluded"),
    ),
    Topic(
        "decision.maybe",
        mark("Maybe"),
        _SCREENING,
        mark("You cannot tell from title and abstract. It exists at this stage only; a full text is included or "
             "excluded."),
        copse=mark("Maybe carries a record forward like Include. Maybe against Include passes; Maybe against Exclude "
                   "is a conflict."),
        related=("decision.include", "conflict"),
        words=mark("unsure unclear"),
    ),
    Topic(
        "reason",
        mark("Exclusion reasons"),
        ("screening", "fulltext", "protocol"),
        mark("Why a record does not belong to the review. A short, ordered list makes two people choose the same "
             "reason."),
        copse=mark("Each stage has its own list; only the lead changes it. Pressing a reason or its number excludes "
                   "at once. At full text two reviewers who exclude for different reasons are in conflict."),
        care=mark("Take the first reason of the list that applies, so that both choose alike."),
        source=mark("Cochrane Handbook, chapter 4, section 4.6; PRISMA 2020, item 16b"),
        related=("decision.exclude", "flow.reports_excluded"),
    ),
    Topic(
        "order",
        mark("Order of the records"),
        _SCREENING,
        mark("In which order records come to you. It changes when you meet a record, never whether you do."),
        copse=mark("As imported follows the record numbers. Random is one fixed shuffle, the same on every computer. "
                   "Newest first goes by year, Alphabetical by title. Your choice is kept on this computer and is "
                   "yours alone."),
        related=("decision", "blinding"),
        words=mark("random order newest alphabetical sort queue"),
    ),
    Topic(
        "conflict",
        mark("Conflicts"),
        _BOTH,
        mark("Effective decisions that differ. They are found by comparing, and settled by talking or by a third "
             "person."),
        copse=mark("At title and abstract: Exclude against Include or Maybe. At full text: any difference, of the "
                   "reason too. A record with fewer decisions than it needs is open, not in conflict. Conflicts show "
                   "once the decisions may be seen."),
        source=_SELECTION,
        related=("resolution", "blinding", "decision.maybe"),
        words=mark("disagreement differ"),
    ),
    Topic(
        "resolution",
        mark("Settling a conflict"),
        _BOTH,
        mark("The final decision on a record about which reviewers differ. Their own decisions stay as they were, "
             "so agreement can still be counted from what each judged alone."),
        copse=mark("The adjudicator or the lead settles; without an adjudicator the reviewers do. It ends with "
                   "Include or Exclude, never with Maybe. A settled record takes no further decisions; undo opens it "
                   "again."),
        source=mark("Cochrane Handbook, chapter 4, section 4.6"),
        related=("conflict", "roles"),
        words=mark("adjudicate settle consensus"),
    ),
    Topic(
        "standing",
        mark("Open, conflict, included, excluded"),
        _FULLTEXT,
        mark("Where a record stands at a stage when all decisions on it are taken together."),
        copse=mark("Open: decisions are missing, or may not be seen yet. Conflict: they differ. Included and "
                   "Excluded: all agree, or the conflict was settled."),
        related=("conflict", "decision"),
        words=mark("state status"),
    ),
    Topic(
        "blinding",
        mark("Blinding and reveal"),
        ("screening", "fulltext", "extraction", "riskofbias", "protocol"),
        mark("Reviewers judge without knowing each other’s answers, so that two judgements are worth more than one."),
        copse=mark("Until the reveal nothing of a colleague’s answers is shown, counted, sorted or hinted. Screening "
                   "is revealed when every record of the round has the decisions it needs, or on each record after "
                   "your own, as the lead sets it. Extraction and risk of bias are revealed study by study, when all "
                   "who work on it have finished."),
        care=mark("It is discipline, not secrecy: whoever has the file can open it with other tools."),
        source=mark("Cochrane Handbook, chapter 4, section 4.6 and chapter 5; PRISMA 2020, items 8 and 9"),
        related=("reveal", "conflict", "finish"),
        words=mark("blinded hidden lock"),
    ),
    Topic(
        "highlights",
        mark("Highlighted words"),
        ("screening", "fulltext", "protocol"),
        mark("Words of the protocol that speak for including or excluding, marked where they stand in title and "
             "abstract."),
        copse=mark("Include words have a solid underline, exclude words a dotted one. They decide nothing: no record "
                   "is included or excluded by a word. H switches them off and on."),
        related=("criteria", "decision"),
        words=mark("terms marks"),
    ),
    Topic(
        "report",
        mark("Report and study"),
        ("fulltext", "references", "extraction"),
        mark("A report is one full text: an article, a thesis, a registry entry. A study is one investigation, "
             "which may have several reports. People are counted in studies, so reports of one study belong "
             "together."),
        copse=mark("Every report included at full text is linked to a study: a new one, or one that is there. "
                   "Extraction, risk of bias and analysis work on studies."),
        care=mark("The same trial published twice, kept as two studies, would count its participants twice."),
        source=mark("Cochrane Handbook, chapter 4, section 4.6; PRISMA 2020 glossary"),
        related=("study_status", "flow.included", "overlap"),
        words=mark("link publication"),
    ),
    Topic(
        "study",
        mark("Study"),
        ("fulltext", "extraction"),
        mark("One investigation with its participants; the unit of a review. It is usually called by first author "
             "and year."),
        copse=mark("A study is made from an included report, or by hand under Extraction. It has arms, results and a "
                   "risk-of-bias assessment."),
        source=mark("Cochrane Handbook, chapter 5; PRISMA 2020, item 17"),
        related=("report", "arm", "study_status"),
    ),
    Topic(
        "retrieval",
        mark("Sought, retrieved, not retrieved"),
        _FULLTEXT,
        mark("What became of the search for a full text. Sought: still being looked for. Retrieved: at hand. Not "
             "retrieved: given up, with a note saying what was tried."),
        copse=mark("A new report is Sought. Only Not retrieved takes it out of the reports assessed in the PRISMA "
                   "flow."),
        source=mark("PRISMA 2020, item 16a and flow diagram (Page et al., BMJ 2021;372:n71)"),
        related=("flow.not_retrieved", "flow.sought"),
        words=mark("full text pdf assessed"),
    ),
    Topic(
        "pace",
        mark("Pace and expected end"),
        _SCREENING,
        mark("How many records you decide in an hour of work, and about when you will be done at this pace."),
        copse=mark("From your own decisions of the last 14 days. More than five minutes without a decision is a break "
                   "and does not count in the hour; days without work do count for the end. With too few decisions "
                   "nothing is said."),
        care=mark("Nobody else sees it, and it says nothing of how well you judge."),
        related=("progress", "decision"),
        words=mark("rate speed time left per hour"),
    ),
    Topic(
        "progress",
        mark("Progress"),
        _BOTH,
        mark("How many records have your own decision, of all that are in the stage now, and how many of these you "
             "included."),
        copse=mark("Only your own decisions count here, also after the reveal. The total grows when further records "
                   "reach the stage."),
        related=("pace", "decision", "order"),
    ),
)  # fmt: skip
