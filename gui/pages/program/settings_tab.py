"""The settings: each takes effect at once."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QSizePolicy, QWidget

from core.language import tr
from gui import theme, tongue
from gui.settings import TEXT_SIZES, Settings
from gui.theme import Type
from gui.widgets.fields import Combo, SegmentedControl
from gui.widgets.labels import Label, Line
from gui.widgets.panes import column, row

_COMBO_WIDTH = 120
_LANGUAGE_WIDTH = 160


class SettingsTab(QWidget):
    """Writes each choice into the settings, then says which part of the window has to follow it."""

    look_changed = Signal()
    """Colours."""
    size_changed = Signal()
    """The size of text: everything on screen has to be laid out anew."""
    rail_changed = Signal()

    def __init__(self, settings: Settings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._settings = settings
        self.colors = _segments(
            "colors",
            tr("Colours"),
            (("system", tr("As the system")), ("light", tr("Light")), ("dark", tr("Dark"))),
            settings.colors,
        )
        self.text_size = Combo([(f"{size}%", size) for size in TEXT_SIZES], tr("Text size"))
        self.text_size.setObjectName("settings.text_size")
        self.text_size.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.text_size.setFixedWidth(theme.scaled(_COMBO_WIDTH))
        self.text_size.set_value(settings.text_size)
        self.language = Combo([(tr("As the system"), ""), *tongue.choices()], tr("Language"))
        self.language.setObjectName("settings.language")
        self.language.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.language.setFixedWidth(theme.scaled(_LANGUAGE_WIDTH))
        self.language.set_value(settings.language)
        self.rail = _segments(
            "rail",
            tr("Rail"),
            (("", tr("By room")), ("narrow", tr("Narrow")), ("wide", tr("Wide"))),
            settings.text("rail"),
        )
        self.single_keys = _segments(
            "single_keys",
            tr("Single keys"),
            (("on", tr("On")), ("alt", tr("With Alt")), ("off", tr("Off"))),
            settings.single_keys,
        )
        self.setLayout(
            column(
                *_setting(tr("Colours"), tr("Light, dark, or as the system has it."), self.colors),
                *_setting(tr("Text size"), tr("Of the size the system uses. Everything grows with it."),
                          self.text_size),
                *_setting(tr("Language"), tr("Takes effect when Copse is started again."), self.language),
                *_setting(tr("Rail"), tr("The stages at the left. Wide shows their figures."),
                          self.rail),
                *_setting(tr("Single keys"), tr("Letters and digits that act on the page, such as I for Include."),
                          self.single_keys, last=True),
                spacing=14,
            )
        )  # fmt: skip
        self.colors.chosen.connect(self._choose_colors)
        self.text_size.activated.connect(self._choose_size)
        self.language.activated.connect(self._choose_language)
        self.rail.chosen.connect(self._choose_rail)
        self.single_keys.chosen.connect(self._choose_keys)

    def _choose_colors(self, colors: str) -> None:
        self._settings.colors = "light" if colors == "light" else "dark" if colors == "dark" else "system"
        self.look_changed.emit()

    def _choose_size(self) -> None:
        size = self.text_size.value()
        if isinstance(size, int) and size != self._settings.text_size:
            self._settings.text_size = size
            self.size_changed.emit()

    def _choose_language(self) -> None:
        self._settings.language = str(self.language.value() or "")

    def _choose_rail(self, width: str) -> None:
        self._settings.set_text("rail", width)
        self.rail_changed.emit()

    def _choose_keys(self, mode: str) -> None:
        self._settings.single_keys = "alt" if mode == "alt" else "off" if mode == "off" else "on"


def _segments(name: str, title: str, entries: Sequence[tuple[str, str]], current: str) -> SegmentedControl:
    control = SegmentedControl(entries, title)
    control.setObjectName(f"settings.{name}")
    control.set_current(current)
    return control


def _setting(title: str, explanation: str, control: QWidget, *, last: bool = False) -> tuple[QWidget, ...]:
    text = column(Label(title, Type.LABEL), Label(explanation, Type.SMALL, "muted", wrap=True), spacing=2)
    line = QWidget()
    box = row(text, control, spacing=24)
    box.setStretch(0, 1)
    line.setLayout(box)
    control.setAccessibleDescription(explanation)
    return (line,) if last else (line, Line())
