"""Analysis: which studies are pooled, how, and what comes of it, redrawn with every change."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPoint, Qt, QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QApplication, QStackedWidget, QWidget
from typing_extensions import override

from core.errors import CopseError
from core.language import counted, tr
from core.model import Area
from gui import theme
from gui.actions import Action
from gui.pages.analysis import picture as pictures
from gui.pages.analysis.editing import Editing
from gui.pages.analysis.exporting import Exporting
from gui.pages.analysis.figure_panel import FigurePanel
from gui.pages.analysis.grid import DataGrid
from gui.pages.analysis.grid_model import GridModel
from gui.pages.analysis.notes_panel import NotesPanel
from gui.pages.analysis.picture import Picture
from gui.pages.analysis.rows import Rows
from gui.pages.analysis.settings_panel import SettingsPanel
from gui.pages.analysis.strip import Strip
from gui.pages.analysis.tree import AnalysisTree, Place
from gui.pages.analysis.tree_work import TreeWork
from gui.pages.base import Page
from gui.theme import Type
from gui.widgets.buttons import Button, Kind, icon_button
from gui.widgets.folding import FoldingPane
from gui.widgets.labels import Label, section_label
from gui.widgets.messages import EmptyState
from gui.widgets.panes import Splitter, Surface, column, row

if TYPE_CHECKING:
    from core.store.queries.synthesis import ComparisonView

_TREE, _TREE_WIDE, _TREE_LEAST = 200, 240, 160
_SETTINGS, _SETTINGS_WIDE, _SETTINGS_LEAST = 256, 288, 240
_WORK_LEAST = 560
_NARROW_BELOW, _WIDE_FROM = 1200, 1440
_GRID_SHARE = 0.40
_NOTES_SHARE = 0.30
_WAITING_AFTER_MS = 150


class AnalysisPage(Page):
    """See the module. What one does to the tree, the rows, the cells and the files lives in parts of its own."""

    ID = "analysis"
    TITLE = tr("Analysis")
    INTERESTS = (
        Area.ANALYSES | Area.CONSENSUS | Area.EXTRACTION | Area.STUDIES | Area.RISK_OF_BIAS | Area.PROTOCOL | Area.TEAM
    )

    # What is shown; here because actions ask for it before the page is built.
    picture: Picture | None = None
    place: Place | None = None
    _analysis_id: bytes | None = None

    def build(self) -> None:
        self._wanted: bytes | None = None
        self._width_class = ""
        self._asked = 0
        self._make_parts()
        self.splitter = Splitter(self.tree_pane, self._make_middle(), self._make_right())
        self.splitter.setStretchFactor(1, 1)
        self.body.addWidget(self.splitter)
        self.keep_sizes(self.splitter, "panes")
        self._make_header()
        self.tree.place_chosen.connect(self._place_chosen)
        self.tree.itemClicked.connect(lambda: self._tree_fold.close())
        self.tree.menu_wanted.connect(self.tree_work.pop_up)
        self.grid.spot_chosen.connect(lambda _spot: self.editing.show_origin())
        self.grid.menu_wanted.connect(self.rows.pop_up)
        self.grid.folded.connect(self._fit)
        self.settings_panel.changed.connect(self.editing.change_setting)
        self.editing.connect()
        self.set_main_part(self.tree)

    def _make_parts(self) -> None:
        self.tree = AnalysisTree()
        self.model = GridModel(self)
        self.grid = DataGrid(self.model)
        self.settings_panel = SettingsPanel()
        self.notes = NotesPanel()
        self.tree_pane = Surface("sunken")
        self.tree_pane.setMinimumWidth(theme.scaled(_TREE_LEAST))
        add = icon_button("plus", tr("Add a comparison, analysis or subgroup"), small=True)
        add.setObjectName("analysis.add")
        more = icon_button("ellipsis", tr("Rename, move or remove"), small=True)
        more.setObjectName("analysis.tree_menu")
        add.clicked.connect(lambda: self.tree_work.pop_up_add(add))
        more.clicked.connect(lambda: self.tree_work.pop_up(more.mapToGlobal(QPoint(0, more.height()))))
        self.tree_anchor = add
        head = row(section_label(tr("Comparisons")), None, more, add, spacing=2, margins=(14, 6, 8, 2))
        box = column(head, self.tree, spacing=0)
        box.setStretch(1, 1)
        self.tree_pane.setLayout(box)
        self.tree_pane.setAccessibleName(tr("Comparisons"))

    def _make_middle(self) -> QWidget:
        add = self.registry.button("analysis.add_studies", Kind.QUIET, show_key=False)
        add.setObjectName("analysis.add_studies")
        menu = icon_button("ellipsis", tr("Move or remove this study"))
        menu.setObjectName("analysis.row_menu")
        menu.clicked.connect(lambda: self.rows.pop_up(menu.mapToGlobal(QPoint(0, menu.height()))))
        self.add_anchor = add
        self.strip = Strip(add, menu)
        copy = self.registry.button("analysis.copy_figure", Kind.QUIET, text="")
        copy.setObjectName("analysis.copy_figure")
        self.export_button = self.registry.button("analysis.export", Kind.DEFAULT, show_key=False)
        self.export_button.setObjectName("analysis.export")
        self.export_button.set_opens(True)
        self.figure = FigurePanel(copy, self.export_button)
        self.work = Surface("surface")
        box = column(self.grid, self.strip, self.figure, spacing=0)
        box.setStretch(2, 1)
        self.work.setLayout(box)
        self.waiting = Label("", Type.BODY, "muted")
        self.waiting.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.stack = QStackedWidget()
        self.stack.setMinimumWidth(theme.scaled(_WORK_LEAST))
        self._empty: QWidget = QWidget()
        for view in (self.waiting, self.work, self._empty):
            self.stack.addWidget(view)
        QTimer.singleShot(_WAITING_AFTER_MS, self.waiting, lambda: self.waiting.setText("…"))
        return self.stack

    def _make_right(self) -> QWidget:
        self.right = Surface("sunken")
        self.right.setMinimumWidth(theme.scaled(_SETTINGS_LEAST))
        self.right.setAccessibleName(tr("Settings"))
        box = column(self.settings_panel, self.notes, spacing=0)
        box.setStretch(0, 1)
        self.right.setLayout(box)
        self.right.installEventFilter(self)
        return self.right

    def _make_header(self) -> None:
        self.tree_button = Button("", icon="list", tip=tr("Comparisons and analyses"))
        self.tree_button.setObjectName("analysis.show_tree")
        self.settings_button = Button("", icon="sliders-horizontal", tip=tr("Settings of the analysis (Ctrl+Shift+B)"))
        self.settings_button.setObjectName("analysis.show_settings")
        self.header.add(self.tree_button, self.settings_button)
        self._tree_fold = self._folding(0, self.tree_pane, self.tree_button, _TREE_WIDE)
        self.settings_fold = self._folding(2, self.right, self.settings_button, _SETTINGS_WIDE)

    def _folding(self, place: int, pane: QWidget, button: Button, width: int) -> FoldingPane:
        return FoldingPane(self, pane, button, width, lambda: self.splitter.insertWidget(place, pane))

    def page_actions(self) -> tuple[Action, ...]:
        self.tree_work = TreeWork(self)
        self.rows = Rows(self)
        self.editing = Editing(self)
        self.exporting = Exporting(self)
        return (
            *self.tree_work.actions(),
            *self.rows.actions(),
            self.action("edit", tr("Edit cell or rename"), self._edit, "F2", icon="pencil"),
            *self.exporting.actions(),
            self.action("side", tr("Settings of the analysis"), lambda: self.settings_fold.toggle(), "Ctrl+Shift+B"),
        )

    def panes(self) -> Sequence[QWidget]:
        found: list[QWidget] = [] if self._tree_fold.is_folded else [self.tree]
        if self.stack.currentWidget() is self.work:
            found += [self.grid, self.figure.view]
        elif self.stack.currentWidget() is self._empty:
            found.append(self._empty)
        return [*found, self.settings_panel] if self._settings_are_a_pane() else found

    def _settings_are_a_pane(self) -> bool:
        return not self.settings_fold.is_folded and self.right.isVisible() and self._analysis_id is not None

    # showing

    def refresh(self, areas: Area) -> None:
        self.read(pictures.tree, tr("reading the analyses")).done(self._show_tree).run()
        self.compose()

    def _show_tree(self, comparisons: Sequence[ComparisonView]) -> None:
        self.tree.show_comparisons(comparisons, self._wanted)
        self._wanted = None
        if self.tree.current_place() is None:
            self._place_chosen(None)
        self._name_tree_button()

    def show_place(self, **where: object) -> None:
        analysis = where.get("analysis")
        if isinstance(analysis, bytes) and not self.tree.choose(analysis):
            self._wanted = analysis

    def whereabouts(self) -> dict[str, str | bytes]:
        return {"analysis": self._analysis_id} if self._analysis_id is not None else {}

    def show_analysis(self, analysis_id: bytes) -> None:
        """Make an analysis that was just made current when the tree has it."""
        self._analysis_id = analysis_id
        self.read(pictures.tree).done(lambda found: self.tree.show_comparisons(found, analysis_id)).run()

    def _place_chosen(self, place: Place | None) -> None:
        before, self.place = self.place, place
        if place is not None and place.analysis_id is None:
            self._comparison_chosen(place)
        elif place is not None:
            if place.analysis_id != self._analysis_id or self.picture is None:
                self._analysis_id = place.analysis_id
                self.compose()
            elif place.kind == "subgroup" and (before is None or place.id != before.id):
                self.rows.choose_first_of(place.id)
        else:
            self._analysis_id = None
        self._bring()
        self._name_tree_button()
        self.registry.refresh()

    def _comparison_chosen(self, place: Place) -> None:
        """What is shown stays, unless there is nothing to show or nothing in this comparison."""
        comparison = self.tree.comparison(place.id)
        analyses = comparison.analyses if comparison is not None else ()
        if not analyses:
            self._analysis_id = None
        elif self._analysis_id is None or self.tree.analysis(self._analysis_id) is None:
            self._analysis_id = analyses[0].id
            self.compose()

    def current(self) -> Picture | None:
        """The picture of the analysis that is chosen; None while it is read, or when none is chosen."""
        picture = self.picture
        return picture if picture is not None and picture.data.id == self._analysis_id else None

    def compose(self) -> None:
        """Read and compute the current analysis anew; the newest request wins, the last good picture stays."""
        wanted = self._analysis_id
        if wanted is None:
            return
        self._asked += 1
        asked = self._asked
        call = self.read(lambda s: pictures.compose(s, wanted) if asked == self._asked else None, "computing")
        call.done(lambda found: self._show_picture(found, asked)).failed(self._gone).run()

    def _show_picture(self, found: Picture | None, asked: int) -> None:
        if found is None or asked != self._asked or found.data.id != self._analysis_id:
            return
        other = self.picture is None or self.picture.data.id != found.data.id
        self.picture = found
        spot = self.grid.current_spot()
        positions = {person.id: person.position for person in self.review.reviewers()}
        self.model.show_picture(found, positions)
        if other or spot is None or self.grid.current_spot() != spot:
            self.grid.choose(spot)
        self.settings_panel.show_picture(found)
        if other:
            self.settings_panel.say("")
        self.figure.show_picture(found)
        self.notes.show_notes(found.notes)
        self._bring()
        self._fit()
        self.editing.picture_changed()
        self.registry.refresh()

    def _gone(self, error: CopseError) -> None:
        """The analysis went away while it was asked for; the tree says what there is."""
        if error.code != "analysis.gone":
            self.show_message(error.message)

    def _bring(self) -> None:
        """The work of the current analysis, or what to do when there is none."""
        view: QWidget = self.work
        if self._analysis_id is None:
            view = self._make_empty()
        elif (picture := self.current()) is None:
            view = self.stack.currentWidget() or self.waiting
        elif not picture.data.rows:
            view = self._make_empty()
        self.settings_fold.set_wanted(self._analysis_id is not None)
        if self._analysis_id is None:
            self.notes.show_notes(())
        focused = QApplication.focusWidget()
        moved = view is not self.stack.currentWidget() and (focused is None or self.stack.isAncestorOf(focused))
        self.stack.setCurrentWidget(view)
        if moved and view is self.work and self.is_current():
            self.grid.setFocus(Qt.FocusReason.OtherFocusReason)

    def _make_empty(self) -> QWidget:
        """What an empty tree, comparison or analysis says, with the button that goes on."""
        state = self._empty_state()
        old = self._empty
        if isinstance(old, EmptyState) and (old.title.text(), old.text.text()) == (
            state.title.text(),
            state.text.text(),
        ):
            state.deleteLater()
            return old
        self._empty = state
        self._empty.setObjectName("analysis.empty")
        self.stack.addWidget(self._empty)
        self.stack.removeWidget(old)
        old.deleteLater()
        return self._empty

    def _empty_state(self) -> EmptyState:
        picture = self.current()
        if picture is not None:
            if picture.offers:
                text = counted(
                    "The extraction has {n} result for it.", "The extraction has {n} results for it.", picture.offers
                )
                return EmptyState("chart-gantt", tr("No studies yet"), text, [self._primary("analysis.add_studies")])
            text = tr("A study appears here when its result for this outcome is extracted in both arms.")
            go = Button(tr("Go to extraction"), kind=Kind.PRIMARY)
            go.setObjectName("analysis.go_to_extraction")
            go.clicked.connect(lambda: self.workspace.go("extraction"))
            return EmptyState("chart-gantt", tr("No studies yet"), text, [go])
        place = self.place
        if place is None:
            text = tr(
                "A comparison names the two sides, such as ketamine v placebo. Its analyses pool one outcome each."
            )
            return EmptyState("chart-gantt", tr("No analyses yet"), text, [self._primary("analysis.new_comparison")])
        text = tr("An analysis pools one outcome under this comparison.")
        title = tr("No analyses in “{name}” yet", name=place.label)
        return EmptyState("chart-gantt", title, text, [self._primary("analysis.new_analysis")])

    def _primary(self, action: str) -> Button:
        button = self.registry.button(action, Kind.PRIMARY, show_key=False)
        button.setObjectName(f"analysis.empty.{action.split('.')[1]}")
        return button

    def _edit(self) -> None:
        if self.tree.hasFocus():
            self.tree_work.rename()
        else:
            self.grid.edit_current()

    # size

    def _name_tree_button(self) -> None:
        analysis = self.tree.analysis(self._analysis_id) if self._analysis_id is not None else None
        words = f"{analysis.number} {analysis.label}" if analysis is not None else tr("Comparisons")
        narrow = self._tree_fold.is_folded
        room = theme.scaled(220)
        metrics = theme.metrics(Type.LABEL)
        self.tree_button.set_label(metrics.elidedText(words, Qt.TextElideMode.ElideRight, room) if narrow else "")
        self.settings_button.set_label(tr("Settings") if narrow else "")
        self.tree_button.set_opens(narrow)
        self.tree_button.setAccessibleName(tr("Comparisons and analyses: {words}", words=words))
        self.settings_button.setAccessibleName(tr("Settings of the analysis"))
        layout = self.header.layout()
        if layout is not None:
            layout.activate()  # at once: this is called while the window is being resized

    def _fit(self) -> None:
        """Share the height: the grid takes what its rows need up to two fifths, the notes up to a third of the side."""
        height = self.stack.height()
        self.grid.setFixedHeight(min(self.grid.wanted_height(), int(height * _GRID_SHARE)))
        notes = self.notes.wanted_height(max(self.right.width(), theme.scaled(_SETTINGS_LEAST)))
        self.notes.setFixedHeight(min(notes, int(self.right.height() * _NOTES_SHARE)))

    def _share_width(self, room: int) -> None:
        """The panes' usual widths for this width of the window; what the user dragged comes back after this."""
        window = self.window().width()
        name = (
            "narrow"
            if window < theme.scaled(_NARROW_BELOW)
            else "wide"
            if window >= theme.scaled(_WIDE_FROM)
            else "middle"
        )
        if name == self._width_class or name == "narrow":
            self._width_class = name
            return
        self._width_class = name
        sides = (_TREE_WIDE, _SETTINGS_WIDE) if name == "wide" else (_TREE, _SETTINGS)
        left, right = theme.scaled(sides[0]), theme.scaled(sides[1])
        self.splitter.setSizes([left, max(room - left - right, theme.scaled(_WORK_LEAST)), right])

    @override
    def eventFilter(self, watched: object, event: QEvent) -> bool:
        if watched is self.right and event.type() == QEvent.Type.Resize:
            self._fit()
        return False

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        narrow = self.window().width() < theme.scaled(_NARROW_BELOW)
        for fold in (self._tree_fold, self.settings_fold):
            fold.close()
            fold.set_folded(narrow)
        self._share_width(event.size().width())
        self.set_main_part(self.grid if narrow else self.tree)
        self._name_tree_button()
        QTimer.singleShot(0, self, self._fit)
