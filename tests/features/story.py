"""The story of a small review, from nothing to a forest plot, told to a hand that does it in the real window.

Asha Menon leads and judges, Tom Brandt judges, Rosa Lindqvist settles what they differ on. Each part of the story
begins where the one before ended.
"""

from __future__ import annotations

from pathlib import Path

from tests.features.hand import Hand
from tests.features.searches import ALL, CONFLICT, DEPRESSION, GLUE, HORSES, TAYLOR
from tests.gui.conftest import Answers

ASHA, TOM, ROSA = "Asha Menon", "Tom Brandt", "Rosa Lindqvist"
TITLE = "Ketamine for refractory anxiety disorders"
WRONG_PEOPLE = "Wrong population"
GLUE_2017, TAYLOR_2018 = "Glue 2017", "Taylor 2018"
COUNTS = {GLUE_2017: (8, 12, 0, 12), TAYLOR_2018: (6, 18, 0, 17)}
"""Responders and participants, ketamine then placebo, as the papers give them."""
CELLS = ("Ketamine: Events", "Ketamine: Total", "Placebo: Events", "Placebo: Total")
DOMAINS = 7
POOLED = "28.94 [3.45, 242.57]"


def new_review(hand: Hand) -> None:
    """A title, one's own name, the names of two others."""
    hand.do("file.new")
    hand.write("start.title", TITLE)
    hand.write("start.name", ASHA)
    hand.write("start.others", f"{TOM}, {ROSA}")
    hand.press("start.submit")
    hand.eyes.sees(TITLE, f"Working as {ASHA}")


def import_two_searches(hand: Hand) -> None:
    """Both files at once; what is in both is merged at once, and can be looked at pair by pair."""
    hand.do("go.references")
    hand.do("references.import")
    hand.eyes.sees("2 files: 9 read: 7 new, 2 duplicates merged.")
    hand.turn("references.tabs", "duplicates")
    for each in (GLUE, TAYLOR):
        hand.pick("references.duplicates", each.title)
        hand.eyes.sees("Merged", each.doi)


def write_the_protocol(hand: Hand) -> None:
    """One reason for exclusion at each stage, and the outcome."""
    hand.do("go.protocol")
    hand.turn("protocol.tabs", "eligibility")
    for stage in ("title_abstract", "full_text"):
        hand.write(f"protocol.reasons_{stage}.add", WRONG_PEOPLE)
    hand.turn("protocol.tabs", "outcomes")
    hand.write("protocol.outcomes.add", "Response", add="protocol.outcomes.add_button")
    hand.choose("Results are of Response", "Dichotomous")
    hand.choose("Good direction of Response", "Higher")


def screen(hand: Hand, who: str) -> None:
    """One reviewer judges all records; the second thinks again about one."""
    work_as(hand, who)
    hand.do("go.screening")
    thought_again = who != TOM
    for done in range(len(ALL)):
        hand.eyes.sees(f"{done} of 7 screened")
        shown = next(each for each in ALL if hand.eyes.shows("screening.card", each.title))
        verdict = shown.asha if who == ASHA else shown.tom
        if shown is HORSES and not thought_again:
            thought_again = True
            hand.do("screening.include")
            hand.eyes.sees(f"{done + 1} of 7 screened")
            hand.do("edit.undo")
            hand.eyes.sees(f"{done} of 7 screened")
            hand.do("edit.redo")
            hand.eyes.sees(f"{done + 1} of 7 screened")
            hand.do("screening.take_back")
            hand.eyes.sees(f"{done} of 7 screened", HORSES.title)
        hand.do(f"screening.{verdict}")
    hand.eyes.sees("All 7 records have your decision.")


def settle_the_conflict(hand: Hand) -> None:
    """Rosa sees the one record the others differ on, and excludes it."""
    work_as(hand, ROSA)
    hand.do("go.screening")
    hand.eyes.sees("1 to settle, 0 settled", CONFLICT.title, "Asha Menon: Exclude", "Tom Brandt: Include")
    hand.do("screening.exclude")
    hand.eyes.sees("0 to settle, 1 settled")


def read_full_texts(hand: Hand, who: str) -> None:
    """The two trials are included, the third report is excluded for its reason."""
    work_as(hand, who)
    hand.do("go.fulltext")
    for done in range(3):
        hand.eyes.sees(f"{done} of 3 assessed")
        hand.do("fulltext.reason_1" if hand.eyes.shows("fulltext.card", DEPRESSION.title) else "fulltext.include")
    hand.eyes.sees("3 of 3 assessed")


def make_studies(hand: Hand) -> None:
    """A study for each report that both included."""
    work_as(hand, ASHA)
    hand.do("go.fulltext")
    hand.turn("fulltext.tabs", "studies")
    hand.press("studies.make_all")
    hand.eyes.sees("Every included report has a study")


def name_arms_and_outcome(hand: Hand) -> None:
    """The lead says once what each study has; both reviewers fill it in."""
    hand.do("go.extraction")
    for study in COUNTS:
        hand.pick("extraction.studies", study)
        hand.eyes.sees("Nothing to fill in yet")
        unfold(hand, "extraction.section.arms")
        for arm in ("Ketamine", "Placebo"):
            hand.write("arms.new", arm, add="arms.add")
        hand.eyes.sees("2 arms")
        unfold(hand, "extraction.section.outcomes")
        hand.press("outcomes.quick.1")
        hand.eyes.sees("4 cells empty")


def extract(hand: Hand, who: str) -> None:
    """Both enter the counts, blind to each other; Tom reads one of them wrongly."""
    work_as(hand, who)
    hand.do("go.extraction")
    for study, counts in COUNTS.items():
        hand.pick("extraction.studies", study)
        unfold(hand, "extraction.section.outcomes")
        typed = (7, *counts[1:]) if who == TOM and study == GLUE_2017 else counts
        hand.fill("results.grid.1", dict(zip(CELLS, map(str, typed), strict=True)))
        hand.eyes.sees("All filled in")
        hand.do("extraction.finish")
        hand.eyes.sees("You have finished this study.")


def settle_the_counts(hand: Hand) -> None:
    """Rosa takes what is equal as it is, and Asha's count where they differ."""
    work_as(hand, ROSA)
    hand.do("go.extraction")
    for study in COUNTS:
        hand.pick("extraction.studies", study)
        hand.eyes.sees("to settle" if study == GLUE_2017 else "4 equal")
        hand.do("extraction.settle_equal")
        if study == GLUE_2017:
            hand.eyes.sees("3 equal, 1 to settle", "Use Asha’s", "Use Tom’s")
            hand.do("extraction.next")
            hand.do("extraction.take_left")
            hand.eyes.sees("3 equal, 1 settled")


def judge_risk_of_bias(hand: Hand, who: str) -> None:
    """Seven domains of one study; the second reviewer sees one of them otherwise."""
    work_as(hand, who)
    hand.do("go.riskofbias")
    for number in range(1, DOMAINS + 1):
        hand.eyes.sees(GLUE_2017, f"D{number}  ")
        hand.do("riskofbias.level_high" if who == TOM and number == 1 else "riskofbias.level_low")
        if number == 1:
            hand.write("riskofbias.support", "Drawn up by a pharmacist who had no other part in the trial")
        hand.eyes.sees(f"{number} of {DOMAINS} domains judged")
        if number < DOMAINS:
            hand.do("riskofbias.next_domain")
    hand.do("riskofbias.finish")
    hand.eyes.sees(f"{GLUE_2017} is marked finished.")


def settle_risk_of_bias(hand: Hand) -> None:
    """Rosa follows Asha on the first domain, and both where they agree."""
    work_as(hand, ROSA)
    hand.do("go.riskofbias")
    hand.eyes.sees("6 equal, 1 to settle")
    hand.do("riskofbias.take_first")
    hand.eyes.sees("1 settled, 6 equal")
    hand.do("riskofbias.settle_equal")
    hand.eyes.sees("7 settled")


def analyse(hand: Hand) -> None:
    """One comparison with one analysis, pooled as Review Manager 5 does."""
    work_as(hand, ASHA)
    hand.do("go.analysis")
    hand.do("analysis.new_comparison")
    hand.write("analysis.form.label", "Ketamine v placebo")
    hand.write("analysis.form.experimental", "Ketamine")
    hand.write("analysis.form.control", "Placebo")
    hand.press("analysis.form.apply")
    hand.choose("analysis.form.outcome", "Response")
    hand.press("analysis.form.apply")
    for setting, wanted in (
        ("measure", "Odds ratio"),
        ("method", "Mantel-Haenszel"),
        ("model", "Random"),
        ("compatibility", "RevMan 5"),
    ):
        hand.choose(f"analysis.{setting}", wanted)
    hand.eyes.until(lambda: POOLED in hand.eyes.find("analysis.figure").accessibleDescription(), f"{POOLED} is drawn")


def export(hand: Hand, answers: Answers, folder: Path) -> None:
    """The figure as a drawing and as a picture."""
    for entry, name in (("SVG", "forest.svg"), ("PNG, 300 dpi", "forest.png")):
        answers.target = folder / name
        hand.menu("analysis.export", entry)
        hand.eyes.sees(f"Saved {name}")


def unfold(hand: Hand, section: str) -> None:
    """Open a section of the form that is folded."""
    if hand.eyes.find(section).accessibleName().endswith("folded"):
        hand.press(section)


def work_as(hand: Hand, who: str) -> None:
    """Choose the reviewer in the top bar."""
    if not hand.eyes.reads(f"Working as {who}"):
        hand.menu("top.person", who)
    hand.eyes.sees(f"Working as {who}")


def tell(hand: Hand, answers: Answers, folder: Path) -> None:
    """The whole story; the figures are in `folder` at the end."""
    new_review(hand)
    import_two_searches(hand)
    write_the_protocol(hand)
    screen(hand, ASHA)
    screen(hand, TOM)
    settle_the_conflict(hand)
    for who in (ASHA, TOM):
        read_full_texts(hand, who)
    make_studies(hand)
    name_arms_and_outcome(hand)
    for who in (ASHA, TOM):
        extract(hand, who)
    settle_the_counts(hand)
    for who in (ASHA, TOM):
        judge_risk_of_bias(hand, who)
    settle_risk_of_bias(hand)
    analyse(hand)
    export(hand, answers, folder)
