"""Messages, empty states, cards, popovers and menus in the gallery."""

from __future__ import annotations

import tempfile
from pathlib import Path

from PySide6.QtCore import QMimeData, QPoint, Qt, QUrl
from PySide6.QtGui import QAction, QDragEnterEvent
from PySide6.QtWidgets import QApplication, QMenu, QWidget

from gui import icons
from gui.actions import Action
from gui.gallery.entries import Entry, Section, Stage, State, line, named, stack
from gui.settings import Settings
from gui.theme import Type
from gui.widgets.buttons import Button, Kind, icon_button
from gui.widgets.drop_hint import DropHint
from gui.widgets.fields import LineEdit
from gui.widgets.keys_panel import KeysPanel, Popover, cast_shadow
from gui.widgets.labels import Label
from gui.widgets.messages import DropZone, EmptyState, Level, Message, MessageArea
from gui.widgets.panes import Card, Scroll, Splitter, SubBar, Surface, column, row

_SENTENCES = {
    Level.INFO: ("Ranking updated after 25 decisions. The next records may come in a different order.", ""),
    Level.SUCCESS: ("412 decisions from Tom Brandt merged. No field was changed on both sides.", "Undo"),
    Level.WARN: ("The interval 13.92 to 799.06 is not symmetric around 104.13 on the log scale.", "Keep"),
    Level.DANGER: ("The disk is full, so your last decision was not kept. The 1,923 before it are safe.", "Try again"),
}


def _nothing() -> None:
    """What the buttons of a sample do."""


def _messages(stage: Stage) -> QWidget:
    return stack(
        *(
            Message(text, level, [(button, _nothing)] if button else [], closable=not button)
            for level, (text, button) in _SENTENCES.items()
        )
    )


def _message_area(stage: Stage) -> QWidget:
    area = MessageArea(stage.holder)
    for name in ("results.docx", "embase.zip"):
        area.show_message(Message(f"{name} is not a reference file Copse can read.", Level.DANGER, closable=True))
    return area


def _empty(stage: Stage) -> QWidget:
    text = "Both reviewers agree on all records that both have screened."
    small = EmptyState("git-compare", "No conflicts", text, [Button("Continue screening")])
    large = EmptyState(
        "import",
        "Drop your search results here",
        "Each file becomes one source of the PRISMA flow.",
        [Button("Choose files", kind=Kind.PRIMARY)],
        large=True,
    )
    for each in (small, large):
        each.setFixedWidth(400)
    return line(small, large)


def _zone(over: bool) -> DropZone:
    zone = DropZone(Label("Drop .ris files here", Type.BODY, "muted"), (".ris",))
    zone.setFixedSize(320, 96)
    if over:
        files = QMimeData()
        files.setUrls([QUrl.fromLocalFile("embase.ris")])
        event = QDragEnterEvent(
            QPoint(10, 10), Qt.DropAction.CopyAction, files, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
        )
        QApplication.sendEvent(zone, event)
    return zone


def _drop_hint(_stage: Stage) -> QWidget:
    part = QWidget()
    part.setFixedSize(420, 120)
    hint = DropHint(part)
    hint.cover("Open ketamine.copse")
    return part


def _drop_zones(stage: Stage) -> QWidget:
    return line(named("Rest", _zone(over=False)), named("A file hovers", _zone(over=True)))


def _cards(stage: Stage) -> QWidget:
    cards: list[QWidget] = []
    tones = (
        ("surface", "border"),
        ("sunken", "border"),
        ("accent_soft", "accent_border"),
        ("warn_soft", "warn_border"),
    )
    for fill, edge in tones:
        card = Card(fill, edge)
        card.box.addWidget(Label("The answers suggest High", Type.STRONG))
        card.box.addWidget(Label("because of question 2.1", Type.SMALL, "muted"))
        cards.append(card)
    return line(*cards)


def _greys(stage: Stage) -> QWidget:
    areas: list[QWidget] = []
    for fill in ("window", "surface", "sunken", "raised"):
        area = Surface(fill, "left right top bottom")
        area.setFixedSize(150, 56)
        area.setLayout(
            column(Label(fill.capitalize()), Label("Second line", Type.SMALL, "muted"), margins=(12, 8, 12, 8))
        )
        areas.append(area)
    return line(*areas)


def _sub_bar(stage: Stage) -> QWidget:
    return SubBar(
        Label("3,127", Type.STRONG),
        Label("records", Type.BODY, "muted"),
        right=[Button("Columns", icon="columns-3", small=True), icon_button("ellipsis", "More", small=True)],
    )


def _panes(stage: Stage) -> QWidget:
    long = stack(*(Label(f"Line {number}") for number in range(1, 13)))
    panes = Splitter(Scroll(long), Surface("sunken"))
    place = QWidget()
    place.setLayout(column(panes))
    place.setFixedSize(420, 110)
    return place


def _popover(stage: Stage) -> QWidget:
    place = Surface("sunken")
    place.setFixedSize(440, 190)
    popover = Popover(place)
    apply = Button("Use 24.30", kind=Kind.PRIMARY, key="Return")
    popover.setLayout(
        column(
            row(Label("SD from a standard error", Type.SECTION), None, icon_button("x", "Close (Esc)", small=True)),
            LineEdit("Standard error", "Standard error"),
            row(None, Button("Cancel", kind=Kind.QUIET, key="Esc"), apply),
            spacing=12,
            margins=(16, 14, 16, 14),
        )
    )
    popover.resize(380, 140)
    popover.move(24, 16)
    cast_shadow(popover)
    popover.show()
    return place


def _keys_panel(stage: Stage) -> QWidget:
    place = Surface("sunken")
    place.setFixedSize(440, 340)
    actions = [
        Action("include", "Include", _nothing, ("I",), scope="screening"),
        Action("exclude", "Exclude", _nothing, ("E",), scope="screening"),
        Action("undo", "Undo", _nothing, ("Ctrl+Z",)),
        Action("redo", "Redo", _nothing, ("Ctrl+Shift+Z",)),
    ]
    panel = KeysPanel(actions, Settings(Path(tempfile.gettempdir()) / "copse-gallery.ini"), place)
    stage.hold(panel, State.SELECTED)
    panel.move(24, 16)
    cast_shadow(panel)
    panel.show()
    return place


def _menu(stage: Stage) -> QWidget:
    menu = QMenu(stage.holder)
    rest = menu.addAction(icons.icon("copy"), "Copy figure")
    current = menu.addAction(icons.icon("download"), "Export figure")
    menu.addSeparator()
    for name, enabled in (("Paper", True), ("Reset zoom", False)):
        entry = menu.addAction(name)
        entry.setEnabled(enabled)
    ticked: QAction = menu.actions()[3]
    ticked.setCheckable(True)
    ticked.setChecked(True)
    rest.setShortcut("Ctrl+Shift+C")
    menu.setWindowFlags(Qt.WindowType.Widget)  # stands on the page instead of over it
    menu.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
    menu.setActiveAction(current)
    return named("Second entry current, third ticked, last disabled", line(menu))


MESSAGES = Section(
    "messages",
    "Messages",
    "message-square",
    (
        Entry("Every level", (Message,), _messages, "In the place it concerns; stays until solved or closed."),
        Entry("The place for messages of a page", (MessageArea,), _message_area),
        Entry("Empty states", (EmptyState,), _empty),
        Entry("Drop zone", (DropZone,), _drop_zones),
        Entry("Files held over the window", (DropHint,), _drop_hint),
    ),
)

SURFACES = Section(
    "surfaces",
    "Surfaces",
    "layout-dashboard",
    (
        Entry("Greys", (Surface,), _greys),
        Entry("Cards", (Card,), _cards, "Only for a thing one can act on as a whole."),
        Entry("Sub-bar", (SubBar,), _sub_bar),
        Entry("Panes and scrolling", (Splitter, Scroll), _panes),
        Entry("Popover", (Popover,), _popover),
        Entry("Keys of a page", (KeysPanel,), _keys_panel),
        Entry("Menu", (QMenu,), _menu),
    ),
)
