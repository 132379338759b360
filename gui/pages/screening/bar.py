"""The bar of decisions below a record, and the bar of one's progress above it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QSizePolicy, QWidget

from core.language import counted, day, figure, tr
from core.model import Verdict
from core.session.screening import Order, Pace, Progress
from gui import theme
from gui.explaining import explain
from gui.pages.screening.side import centred
from gui.theme import Type
from gui.widgets.buttons import Button, Kind
from gui.widgets.fields import Combo
from gui.widgets.labels import ElidedLabel, Label
from gui.widgets.marks import ProgressBar
from gui.widgets.panes import SubBar, Surface, column, row

if TYPE_CHECKING:
    from gui.pages.screening.judging import JudgingPage

CARD_WIDTH = 720
_BAR_HEIGHT = 64
_KINDS = {"include": Kind.INCLUDE, "maybe": Kind.MAYBE, "exclude": Kind.EXCLUDE}
_ORDERS = (
    (tr("As imported"), Order.IMPORTED.value),
    (tr("Random"), Order.RANDOM.value),
    (tr("Newest first"), Order.NEWEST.value),
    (tr("Alphabetical"), Order.ALPHABETICAL.value),
)


class DecisionBar(Surface):
    """Include, maybe, exclude; note and undo; the record before and after, where no list shows them."""

    def __init__(self, page: JudgingPage, verdicts: Sequence[str], *, arrows: bool = True) -> None:
        super().__init__("surface", "top")
        self.setFixedHeight(theme.scaled(_BAR_HEIGHT))
        self.setAccessibleName(tr("Decision"))
        explain(self, "decision")
        self.verdicts = {name: self._button(page, name, _KINDS[name]) for name in verdicts}
        for button in self.verdicts.values():
            button.setCheckable(True)
        for name, button in self.verdicts.items():
            explain(button, f"decision.{name}")
        self._wide = [self._button(page, name, Kind.QUIET) for name in ("note", "take_back")]
        self._slim = [self._button(page, name, Kind.QUIET, text="") for name in ("note", "take_back")]
        steps = [self._button(page, name, Kind.QUIET, text="") for name in ("previous", "next") if arrows]
        content = QWidget()
        content.setLayout(row(*self.verdicts.values(), *self._wide, *self._slim, None, *steps, spacing=theme.scaled(8)))
        self.setLayout(column(centred(content, CARD_WIDTH, (24, 0, 24, 0)), spacing=0, margins=(0, 1, 0, 0)))
        self.set_narrow(False)

    def _button(self, page: JudgingPage, name: str, kind: Kind, *, text: str | None = None) -> Button:
        button = page.registry.button(f"{page.ID}.{name}", kind, text=text)
        button.setObjectName(f"{page.ID}.{name}{'.small' if text == '' and name in ('note', 'take_back') else ''}")
        return button

    def set_narrow(self, narrow: bool) -> None:
        """Note and undo as icons only."""
        going, coming = (self._wide, self._slim) if narrow else (self._slim, self._wide)
        for button in going:  # first: what is shown is laid out at once, what is hidden only later
            button.hide()
        for button in coming:
            button.show()

    def show_verdict(self, verdict: Verdict | None) -> None:
        """Tint the decision the record has."""
        for name, button in self.verdicts.items():
            button.setChecked(verdict is not None and name == verdict.value)


class ProgressLine(SubBar):
    """One's own progress at the left; the order of the records (where one can choose) and switches at the right."""

    def __init__(self, page: JudgingPage, done: str, on_order: Callable[[Order], object] | None = None) -> None:
        """`done` is the word for what has been judged ("screened")."""
        self._word = done
        self._done = Label("", Type.STRONG)
        self._of = ElidedLabel("", Type.BODY, "muted")
        self._bar = ProgressBar(150, done[:1].upper() + done[1:])
        self._included = Label("", Type.LABEL, "include")
        self.pace = Label("", Type.BODY, "muted")
        self.pace.hide()
        self._pace: Pace | None = None
        self._is_tight = False
        self.order = Combo(_ORDERS, tr("Order of the records"))
        names = (f"{page.ID}.highlights", f"{page.ID}.panel")
        switches = [page.registry.button(name, Kind.QUIET, text="") for name in names]
        for name, button in zip(names, switches, strict=True):
            button.setObjectName(name)
        order = self._order_parts(page, on_order) if on_order else []
        self._words_before = order[:1]
        explain(switches[0], "highlights")
        explain(self.pace, "pace")
        explain(self.order, "order")
        super().__init__(
            self._done, self._of, self._bar, self._included, self.pace, right=(*order, *switches), fill="surface"
        )
        explain(self, "progress")

    def _order_parts(self, page: JudgingPage, on_order: Callable[[Order], object]) -> list[QWidget]:
        self.order.setObjectName(f"{page.ID}.order")
        self.order.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.order.setFixedWidth(theme.scaled(150))
        self.order.activated.connect(lambda _index: on_order(Order(str(self.order.value()))))
        return [Label(tr("Order"), Type.BODY, "muted"), self.order]

    def show_progress(self, progress: Progress) -> None:
        """Show how far one is."""
        self._done.setText(figure(progress.done))
        self._of.setText(tr("of {total} {word}", total=figure(progress.total), word=self._word))
        self._bar.set_share(progress.done / progress.total if progress.total else 0.0)
        self._included.setText(tr("{included} included", included=figure(progress.included)))
        self._say_pace(progress.left)
        self.setAccessibleName(
            tr(
                "{done} of {total} {word}, {included} included",
                done=figure(progress.done),
                total=figure(progress.total),
                word=self._word,
                included=figure(progress.included),
            )
        )

    def set_pace(self, pace: Pace | None) -> None:
        """Tell from now on how fast one is, and when one will be done; None: nothing."""
        self._pace = pace

    def _say_pace(self, left: int) -> None:
        pace = self._pace
        if pace is None or not left:
            self.pace.setText("")
            self.pace.hide()
            return
        end = date.today() + timedelta(days=pace.days_for(left))
        rate = counted("{n} an hour", "{n} an hour", max(1, round(pace.per_hour)))
        done = tr("done about {date}", date=day(end, year=end.year != date.today().year))
        self.pace.setText(f"·  {rate}  ·  {done}")
        self.pace.setToolTip(
            tr("Your pace over the last 14 days: breaks are left out of the hours, days off are counted.")
        )
        self.pace.setHidden(self._is_tight)

    def set_narrow(self, narrow: bool, *, tight: bool = False) -> None:
        """The figures without the bar; where it is tight, without the pace and the word before the order."""
        self._bar.setVisible(not narrow)
        for word in self._words_before:
            word.setHidden(narrow)
        self._is_tight = tight
        self.pace.setHidden(tight or not self.pace.text())

    def text(self) -> str:
        """What the line says."""
        return self.accessibleName()
