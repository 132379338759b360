"""Explanations of sources, records, duplicates and the PRISMA flow."""

from __future__ import annotations

from core.explain.topic import Topic
from core.language import mark

_FLOW = ("overview",)
_REFERENCES = ("references",)
_PRISMA = mark("PRISMA 2020, item 16a and flow diagram (Page et al., BMJ 2021;372:n71)")

TOPICS = (
    Topic(
        "flow",
        mark("PRISMA 2020 flow"),
        _FLOW,
        mark("The path from everything the searches found to the studies that were included, with a number for each "
             "step. Records are what searches deliver, reports are what is read in full, studies are what was done "
             "with people."),
        copse=mark("It is counted anew from the review with every change. You see your own decisions and those that "
                   "may be seen, so exclusions fill in when a stage is over. All sources stand in one column."),
        care=mark("PRISMA draws websites, organisations and citation searching in a column of their own."),
        source=_PRISMA,
        related=("flow.identified", "blinding", "record"),
        words=mark("diagram numbers"),
    ),
    Topic(
        "flow.identified",
        mark("Records identified"),
        _FLOW,
        mark("All records that the searches delivered, by source, before anything is taken away."),
        copse=mark("Counts the records of every imported file, duplicates among them. Entries that could not be read "
                   "were set aside and do not count; an import that was undone does not count either."),
        care=mark("Compare with the number of hits the database gave. A difference is to be explained, not hidden."),
        source=_PRISMA,
        related=("source", "set_aside", "flow.removed"),
    ),
    Topic(
        "flow.removed",
        mark("Records removed before screening"),
        _FLOW,
        mark("Records that nobody had to judge. PRISMA asks for three numbers: duplicates, records marked ineligible "
             "by automation tools, and records removed for other reasons."),
        copse=mark("Duplicates are the records that follow another one. Nothing is ever removed by automation, so the "
                   "other two are 0."),
        source=_PRISMA,
        related=("duplicates", "flow.screened"),
    ),
    Topic(
        "flow.screened",
        mark("Records screened"),
        _FLOW,
        mark("The records whose title and abstract people judge: identified minus removed."),
        copse=mark("While you have records left, the box shows how many you have decided. Otherwise it shows how many "
                   "are decided by all who have to."),
        formula=mark("screened = identified − duplicates"),
        source=_PRISMA,
        related=("flow.excluded", "decision"),
    ),
    Topic(
        "flow.excluded",
        mark("Records excluded"),
        _FLOW,
        mark("Records judged irrelevant by title and abstract. PRISMA asks for their number only, not for reasons."),
        copse=mark("A record counts here when all the reviewers it needs excluded it, or a conflict was settled with "
                   "Exclude. While a round is blinded, no exclusions by others are counted."),
        source=_PRISMA,
        related=("decision.exclude", "conflict", "blinding"),
    ),
    Topic(
        "flow.sought",
        mark("Reports sought for retrieval"),
        _FLOW,
        mark("Records that passed title and abstract. Their full text is now looked for."),
        copse=mark("Every record included at title and abstract counts, and so does a maybe that nobody excluded."),
        source=_PRISMA,
        related=("retrieval", "flow.not_retrieved", "report"),
    ),
    Topic(
        "flow.not_retrieved",
        mark("Reports not retrieved"),
        _FLOW,
        mark("Reports whose full text could not be had. They are no exclusions: nobody has judged them."),
        copse=mark("Counts the reports whose full text is set to Not retrieved under Full text."),
        care=mark("Results that cannot be found may differ from those that can. List these reports in the review."),
        source=_PRISMA,
        related=("retrieval", "flow.assessed"),
    ),
    Topic(
        "flow.assessed",
        mark("Reports assessed for eligibility"),
        _FLOW,
        mark("Reports whose full text is judged against the criteria of the protocol."),
        copse=mark("Everything sought that was not given up as not retrieved counts, also what is still waiting. The "
                   "box says how many wait."),
        formula=mark("assessed = sought − not retrieved"),
        source=_PRISMA,
        related=("flow.reports_excluded", "decision"),
    ),
    Topic(
        "flow.reports_excluded",
        mark("Reports excluded, with reasons"),
        _FLOW,
        mark("Reports excluded after reading, each with one reason. PRISMA wants the number for every reason, and the "
             "studies that readers might miss named in the text."),
        copse=mark("Counts by the reason on which the reviewers agree, or with which the conflict was settled."),
        source=mark("PRISMA 2020, items 16a and 16b (Page et al., BMJ 2021;372:n71)"),
        related=("reason", "conflict"),
    ),
    Topic(
        "flow.included",
        mark("Studies included in review"),
        _FLOW,
        mark("The studies the review is about, and the reports that describe them. One study often has several "
             "reports, so the two numbers differ."),
        copse=mark("Counts studies with the status Included. “Studies in meta-analysis” stand in an analysis together "
                   "with at least one other study."),
        source=_PRISMA,
        related=("study", "study_status"),
    ),
    Topic(
        "flow.new_included",
        mark("New studies included in review"),
        _FLOW,
        mark("Of an updated review: the studies that its earlier version did not have, and their reports."),
        copse=mark("Counts studies with the status Included of which no report came with the earlier version."),
        source=_PRISMA,
        related=("flow.included", "flow.previous"),
    ),
    Topic(
        "flow.previous",
        mark("Studies of the previous version"),
        _FLOW,
        mark("Of an updated review: the studies and reports that its earlier version had included. They were found by "
             "its searches, so they are not counted among the records of the new ones."),
        copse=mark("Drawn when the review was made from the file of another program, or when a source is an "
                   "earlier version of it. Counts studies with the status Included "
                   "that came with it. What else came with it is in no box."),
        source=_PRISMA,
        related=("flow.included", "source_kind"),
    ),
    Topic(
        "todo",
        mark("What is left to do"),
        _FLOW,
        mark("The work that waits for you, in the order of a review. The button beside each line goes there."),
        copse=mark("The lead also sees how far everyone is. These are counts of what is done, never of what was "
                   "judged, so blinding holds."),
        related=("blinding", "roles"),
    ),
    Topic(
        "source",
        mark("Source"),
        _REFERENCES,
        mark("One search of one database or register on one day. A review reports every source with its platform, "
             "date, strategy and number of hits."),
        copse=mark("Each imported file becomes a source, or joins one of the same name. Name, platform and kind are "
                   "guessed from the file and can be changed. Hits is what the database said; Read is what the file "
                   "held."),
        source=mark("PRISMA 2020, items 6 and 7; PRISMA-S (Rethlefsen et al., Syst Rev 2021;10:39)"),
        related=("source_kind", "set_aside", "flow.identified"),
        words=mark("search strategy hits database"),
    ),
    Topic(
        "source_kind",
        mark("Kinds of source"),
        _REFERENCES,
        mark("Databases hold published articles, registers hold trials. Websites, organisations and citation "
             "searching are other ways of finding reports."),
        copse=mark("The kind decides how the exported PRISMA diagram names the source: registers stand apart, an "
                   "earlier version of this review has a box of its own, all other kinds are named among the "
                   "databases."),
        care=mark("PRISMA 2020 counts websites, organisations and citations in columns of their own."),
        source=_PRISMA,
        related=("source", "flow"),
    ),
    Topic(
        "record",
        mark("Record"),
        _REFERENCES,
        mark("One reference as a source delivered it. Several records may describe the same report, and several "
             "reports the same study."),
        copse=mark("The imported text of a record is never changed. Records are numbered as they come in and keep "
                   "their number."),
        source=mark("PRISMA 2020 glossary (Page et al., BMJ 2021;372:n71)"),
        related=("duplicates", "report", "study"),
        words=mark("reference"),
    ),
    Topic(
        "set_aside",
        mark("Entries set aside"),
        _REFERENCES,
        mark("Entries of a file that cannot be screened, such as one without a title. They are kept with the reason "
             "and the line in the file."),
        copse=mark("Read = new + duplicates + set aside. Nothing of a file disappears without being counted."),
        care=mark("Look at them: a record may be worth mending in the file and importing again."),
        formula=mark("read = new + duplicates + set aside"),
        related=("source", "flow.identified"),
        words=mark("rejected entries import"),
    ),
    Topic(
        "duplicates",
        mark("Duplicates"),
        _REFERENCES,
        mark("Records that describe the same report. One, the primary, stands for the group and is the one that is "
             "screened."),
        copse=mark("An import merges only what is the same beyond doubt. A pair must share its title or PubMed "
                   "number, enough else must agree (DOI, pages, authors, journal, year), and nothing may contradict: "
                   "different DOIs, trial numbers or versions of a Cochrane review never merge. The most complete "
                   "record becomes the primary."),
        care=mark("Merge less certain pairs by hand: choose two records and press M. K under Duplicates parts a pair "
                  "again."),
        source=mark("Cochrane Handbook, chapter 4, section 4.6; PRISMA 2020, item 8"),
        related=("flow.removed", "record"),
        words=mark("deduplication merge keep apart"),
    ),
    Topic(
        "record_table",
        mark("Searching and sorting the records"),
        _REFERENCES,
        mark("Finds records by words of title, abstract, authors or DOI, by source and by year, and shows them in the "
             "order of a column."),
        copse=mark("All words must occur; the last may be begun only. Clicking a column sorts by it, clicking again "
                   "turns the order round. It changes what you see, never a number of the flow, nor the order of "
                   "screening. Duplicates are hidden until you ask for them."),
        related=("record", "order", "duplicates"),
        words=mark("filter sort find"),
    ),
    Topic(
        "record_outcome",
        mark("What came of a record"),
        _REFERENCES,
        mark("How a record was judged at title and abstract: included, excluded, in conflict, or not decided yet."),
        copse=mark("As far as you may see: what is settled or agreed once it may be seen, until then your own decision "
                   "alone."),
        related=("blinding", "decision", "conflict"),
        words=mark("screening column state"),
    ),
    Topic(
        "re_import",
        mark("Updating a search"),
        _REFERENCES,
        mark("A search that is run again brings mostly records you have, and some new ones."),
        copse=mark("Import the new file like the first. Known records merge with what is there and keep their "
                   "decisions; only the rest waits for screening. Records that come in after all others were screened "
                   "form a round of their own, blinded again."),
        source=mark("Cochrane Handbook, chapter 4; PRISMA 2020, item 6"),
        related=("duplicates", "blinding", "source"),
        words=mark("update round"),
    ),
)  # fmt: skip
