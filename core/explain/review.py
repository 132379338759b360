"""Explanations of the protocol, the team, undo and the file."""

from __future__ import annotations

from core.explain.topic import Topic
from core.language import mark

_PROTOCOL = ("protocol",)
_EVERYWHERE = ("overview", "protocol")

TOPICS = (
    Topic(
        "question",
        mark("The question of the review"),
        _PROTOCOL,
        mark("Population, intervention, comparator, outcomes and study designs: what a study must be about to answer "
             "the review. Written before the searches, it keeps later choices from following the results."),
        copse=mark("Only the lead changes the protocol. It is shown beside every record while screening."),
        source=mark("Cochrane Handbook, chapters 2 and 3; PRISMA 2020, items 4, 5 and 24a"),
        related=("criteria", "outcome", "registration"),
        words=mark("PICO population intervention comparator"),
    ),
    Topic(
        "registration",
        mark("Registration"),
        _PROTOCOL,
        mark("Where the protocol can be read as it was before the review, such as PROSPERO. Readers see from it what "
             "was planned and what came later."),
        copse=mark("The number stands in the header of the overview. Copse sends nothing to any register."),
        source=mark("PRISMA 2020, items 24a to 24c"),
        related=("question",),
        words=mark("PROSPERO"),
    ),
    Topic(
        "criteria",
        mark("Eligibility criteria"),
        _PROTOCOL,
        mark("What makes a study belong to the review, and what keeps it out, in short sentences that two people read "
             "alike."),
        copse=mark("They stand beside every record while screening. They are words for people: nothing is included or "
                   "excluded by them."),
        source=mark("Cochrane Handbook, chapter 3; PRISMA 2020, item 5"),
        related=("reason", "highlights", "question"),
        words=mark("inclusion exclusion"),
    ),
    Topic(
        "outcome",
        mark("Planned outcomes"),
        _PROTOCOL,
        mark("What the review wants to know of every study: what is measured, in what unit, when, and which way is "
             "good for the patient."),
        copse=mark("The extraction offers these outcomes, and analyses pool one of them. Once a study has results for "
                   "an outcome, its kind is fixed, because its numbers would lose their meaning."),
        source=mark("Cochrane Handbook, chapter 3, section 3.2.4; PRISMA 2020, item 10a"),
        related=("outcome_kind", "direction", "time_point"),
    ),
    Topic(
        "outcome_kind",
        mark("Events, means or reported effects"),
        ("protocol", "extraction"),
        mark("What the results of an outcome are made of. Events (counts): so many participants of so many. Means "
             "and SDs: a measurement on a scale. Reported effects: a ratio or difference between arms with its "
             "interval, as the paper gives it. O − E and variance: as trials with times to an event give them. Texts: "
             "words that are shown side by side and not pooled."),
        copse=mark("It decides the columns of the data grid and the effect measures an analysis offers."),
        source=mark("Cochrane Handbook, chapter 6, sections 6.3 to 6.8"),
        related=("measure", "contrast", "outcome"),
        words=mark("dichotomous continuous generic observed expected other data"),
    ),
    Topic(
        "direction",
        mark("Direction of benefit"),
        ("protocol", "extraction", "analysis"),
        mark("Whether a lower or a higher value is better for the patient. Two scales that run opposite ways cannot "
             "be pooled as they are."),
        copse=mark("Where measurements run opposite ways, Copse refuses to pool until you set the direction of the "
                   "analysis; it then changes the sign of the others and says so below the figure. Counts of events "
                   "are never turned. The words under the axis follow the direction."),
        care=mark("An instrument may run against its outcome. Say so at the instrument, under Extraction."),
        source=mark("Cochrane Handbook, chapter 6, section 6.5.1.2"),
        related=("measure.SMD", "favours", "instrument"),
        words=mark("lower is better higher is better favours sign"),
    ),
    Topic(
        "roles",
        mark("Roles in the team"),
        _PROTOCOL,
        mark("The lead writes the protocol and the team. Reviewers screen, extract and judge risk of bias. The "
             "adjudicator settles differences. One person may have several roles."),
        copse=mark("A review keeps at least one lead and one who screens. Without an adjudicator the reviewers settle "
                   "between them. Somebody who does not screen sees what is complete."),
        source=mark("Cochrane Handbook, chapter 4, section 4.6 and chapter 5"),
        related=("reviewers_per_record", "blinding", "resolution"),
        words=mark("lead reviewer adjudicator team"),
    ),
    Topic(
        "reviewers_per_record",
        mark("Reviewers for each record"),
        _PROTOCOL,
        mark("How many people must judge a record, extract a study and assess its risk of bias, each alone."),
        copse=mark("From 1 to 5, but never more than there are people who judge. In a larger team a record closes for "
                   "the others once it has the decisions it needs."),
        care=mark("Cochrane expects two for decisions that need judgement."),
        source=mark("Cochrane Handbook, chapter 4, section 4.6 and chapter 5; PRISMA 2020, items 8 and 9"),
        related=("roles", "blinding"),
        words=mark("two reviewers double"),
    ),
    Topic(
        "reveal",
        mark("When reviewers see each other’s answers"),
        _PROTOCOL,
        mark("The lead’s setting of the moment at which blinding ends."),
        copse=mark("Screening: when the stage is over (as you find it), or on each record as soon as one has decided "
                   "on it. Extraction and risk of bias: when all who work on a study have finished it (as you find "
                   "it), or on each value as soon as one has entered it. You never see an answer before giving "
                   "yours."),
        care=mark("Seeing answers record by record lets one reviewer’s habits shape the other’s later decisions."),
        related=("blinding", "roles"),
        words=mark("at end at once"),
    ),
    Topic(
        "undo",
        mark("Undo and redo"),
        _EVERYWHERE,
        mark("Takes back what you did last, step by step, as far back as the review goes."),
        copse=mark("It reaches your own work only. Nothing is erased: an undo is a further entry in the history. "
                   "Undo is refused, and says why, when somebody has changed the same thing since, or has built on "
                   "it."),
        related=("history", "saved"),
        words=mark("take back redo"),
    ),
    Topic(
        "saved",
        mark("Saved"),
        _EVERYWHERE,
        mark("There is no Save button: whatever you do is in the file before the window shows it."),
        copse=mark("A change that is acknowledged survives a power cut. If it cannot be written, the status bar says "
                   "Not saved and why; nothing before it is lost."),
        related=("copies", "undo"),
        words=mark("save file safety disk crash"),
    ),
    Topic(
        "copies",
        mark("The file and its copies"),
        _EVERYWHERE,
        mark("A review is one file with the ending .copse; once closed, that file is all there is to hand on or keep "
             "as a backup."),
        copse=mark("Save a copy writes a whole copy while you work. A review is open in one Copse at a time; a second "
                   "is refused. Files you import are read and never changed."),
        care=mark("Do not open one file from two computers over a shared or synchronised folder. Give each person a "
                  "copy instead."),
        related=("merging", "saved", "history"),
        words=mark("backup merge share file safety copy"),
    ),
    Topic(
        "merging",
        mark("Merging a colleague’s copy"),
        _EVERYWHERE,
        mark("Brings in what somebody did in their copy of the same review. The result is what both did together."),
        copse=mark("The other file is only read. Where both sides changed the same field, the later change stands and "
                   "the other is kept in the history; you are told how many there were. Merging twice, or in the other "
                   "direction, gives the same review."),
        care=mark("A copy must come from Save a copy of this review. Another review is refused."),
        related=("copies", "history", "blinding"),
        words=mark("merge copies combine laptop"),
    ),
    Topic(
        "history",
        mark("History"),
        _EVERYWHERE,
        mark("Every change is kept with who made it and when: decisions, entries, settlements, numbers typed over."),
        copse=mark("It only grows. From any number of an analysis you can go back to the entries it came from."),
        source=mark("PRISMA 2020, items 8, 9 and 27"),
        related=("provenance", "undo"),
        words=mark("log trace audit"),
    ),
)  # fmt: skip
