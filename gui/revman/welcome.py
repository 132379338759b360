"""What is said when a review of another program has become one of Copse: whether its numbers match."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.language import figure, tr
from gui.widgets.messages import Level

if TYPE_CHECKING:
    from core.interchange.verify import Verification
    from gui.pages.base import Page


def welcome(page: Page, verification: Verification | None) -> None:
    """Say on the page that is now in front what came of the check, and lead to it."""
    if verification is not None:
        from gui.revman.checks import remember

        remember(page.review, verification)
    text, level = _said(verification)
    message = page.show_message(text, level, ((tr("See the check"), lambda: see()),))
    page.announce(text)

    def see() -> None:
        page.messages.remove(message)
        page.workspace.go("report", tab="check")


def _said(verification: Verification | None) -> tuple[str, Level]:
    if verification is None:
        return tr("The numbers in the file were not compared with what Copse computes yet."), Level.INFO
    count = verification.outcomes
    if not count.total:
        return tr("The file holds no results to compare with what Copse computes."), Level.INFO
    agree, total = figure(count.agree), figure(count.total)
    if verification.matches:
        return tr("Matches RevMan: {agree} of {total}.", agree=agree, total=total), Level.SUCCESS
    return (
        tr(
            "{agree} of {total} analyses match RevMan. Each number that differs is listed with both values and the "
            "likely reason.",
            agree=agree,
            total=total,
        ),
        Level.WARN,
    )
