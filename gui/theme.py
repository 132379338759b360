"""The theme: palette, a short style sheet for the controls Qt draws, and the fonts, all from `gui.tokens`.

Painted widgets call `color()` and `font()` while painting, never while being built, so that a change of scheme is one
repaint. The current scheme is state of the application, as its palette is, hence module-level functions.
"""

from __future__ import annotations

from enum import Enum
from functools import cache
from pathlib import Path
from typing import ClassVar

import shiboken6
from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontInfo, QFontMetrics, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication, QToolTip, QWidget

from gui.settings import Settings
from gui.tokens import DARK, LIGHT, Scheme, Tokens, with_strong_edges

_FALLBACK_FAMILIES = (
    "Segoe UI Variable",
    "Segoe UI",
    "SF Pro Text",
    "Inter",
    "Cantarell",
    "Noto Sans",
    "DejaVu Sans",
)
_MINIMUM_BASE_PX = 13
_GLYPHS = Path(__file__).resolve().parent.parent / "resources" / "icons" / "qss"


class Type(Enum):
    """Roles of text: pixels added to the base size, and the weight."""

    CAPTION = (-2, QFont.Weight.Normal)
    SMALL = (-1, QFont.Weight.Normal)
    SMALL_LABEL = (-1, QFont.Weight.Medium)
    SMALL_STRONG = (-1, QFont.Weight.DemiBold)
    BODY = (0, QFont.Weight.Normal)
    LABEL = (0, QFont.Weight.Medium)
    STRONG = (0, QFont.Weight.DemiBold)
    SECTION = (1, QFont.Weight.DemiBold)
    ABSTRACT = (2, QFont.Weight.Normal)
    ABSTRACT_STRONG = (2, QFont.Weight.DemiBold)
    RESULT = (3, QFont.Weight.DemiBold)
    PAGE_TITLE = (4, QFont.Weight.DemiBold)
    RECORD_TITLE = (7, QFont.Weight.DemiBold)
    DISPLAY = (16, QFont.Weight.DemiBold)


class Theme(QObject):
    """Applies one scheme to the application and follows the system's unless a scheme was given."""

    changed = Signal()

    def __init__(self, app: QApplication, scheme: Scheme | None = None) -> None:
        super().__init__(app)
        self._app = app
        self._fixed = scheme
        self._strong: bool | None = None
        self._system_font = QFont(app.font())
        _State.theme = self
        _State.tokens = LIGHT
        app.setStyle("Fusion")
        self._size_text(100)
        self._hints = QGuiApplication.styleHints()
        self._wishes = self._hints.accessibility()  # kept: Qt's binding forgets it with the first who lets it go
        self._hints.colorSchemeChanged.connect(self._follow_system)
        self._wishes.contrastPreferenceChanged.connect(self._apply)
        self._apply()

    @property
    def scheme(self) -> Scheme:
        """The scheme in force."""
        return _State.tokens.scheme

    def set_scheme(self, scheme: Scheme | None) -> None:
        """Force light or dark; None follows the system again."""
        self._fixed = scheme
        self._apply()

    def set_contrast(self, strong: bool | None) -> None:
        """Strong edges without tints, or not; None follows the system again."""
        self._strong = strong
        self._apply()

    def set_text_size(self, percent: int) -> None:
        """Make text `percent` of the system's size. What is on screen already must be built anew to fit it."""
        self._size_text(percent)
        self._apply()

    def _size_text(self, percent: int) -> None:
        _State.base_px = round(_base_pixels(self._system_font) * percent / 100)
        self._app.setFont(_application_font(self._system_font, _State.base_px))
        _made_font.cache_clear()
        metrics.cache_clear()

    def _follow_system(self) -> None:
        if self._fixed is None:
            self._apply()

    def _apply(self) -> None:
        usual = DARK if (self._fixed or _system_scheme()) == "dark" else LIGHT
        system = self._wishes.contrastPreference() == Qt.ContrastPreference.HighContrast
        is_strong = system if self._strong is None else self._strong
        _State.tokens = with_strong_edges(usual) if is_strong else usual
        _State.focus_width = 3 if is_strong else 2
        color.cache_clear()
        palette = _palette(_State.tokens)
        self._app.setPalette(palette)
        QToolTip.setPalette(palette)
        _State.sheet = _style_sheet(_State.tokens)
        _State.windows = [each for each in _State.windows if shiboken6.isValid(each)]
        self._app.setStyleSheet("" if _State.windows else _State.sheet)
        for window in self._app.topLevelWidgets() if _State.windows else ():
            if window.parentWidget() is None:
                window.setStyleSheet(_State.sheet)
        for widget in self._app.allWidgets():
            if isinstance(widget, Inked):
                widget.take_ink()
        self.changed.emit()
        for widget in self._app.topLevelWidgets():
            widget.update()


class Inked:
    """Mixed into a widget that keeps a colour of the scheme in its palette.

    It is told of a new scheme, so that it need not listen to the many style changes of a page that is being made.
    """

    def take_ink(self) -> None:
        """Take the colour from the scheme in force."""
        raise NotImplementedError


class _State:
    """What the application looks like now; tests and widgets that run before a Theme exists see light."""

    tokens: Tokens = LIGHT
    base_px: int = _MINIMUM_BASE_PX
    focus_width: int = 2
    theme: Theme | None = None
    sheet: str = ""
    windows: ClassVar[list[QWidget]] = []


def take_settings(settings: Settings) -> None:
    """Show the colours and the size of text that were chosen."""
    assert _State.theme is not None
    _State.theme.set_text_size(settings.text_size)
    _State.theme.set_scheme(None if settings.colors == "system" else settings.colors)


def style_sheet() -> str:
    """The style sheet of the scheme in force."""
    return _State.sheet


def dress(window: QWidget) -> None:
    """Let a window of its own, still empty, bear the style sheet in place of the application, now and from now on.

    Under a style sheet of the application, every part of a page is styled anew whenever it is put into the part around
    it; under one of the window, once, when the finished page comes into the window. That halves what a page costs.
    """
    _State.windows.append(window)
    window.destroyed.connect(_after_last)
    app = QApplication.instance()
    if isinstance(app, QApplication):
        app.setStyleSheet("")
    window.setStyleSheet(_State.sheet)


def _after_last() -> None:
    """After the last window of its own the application bears the style sheet again."""
    _State.windows = [each for each in _State.windows if shiboken6.isValid(each)]
    app = QApplication.instance()
    if isinstance(app, QApplication) and not _State.windows:
        app.setStyleSheet(_State.sheet)


def tokens() -> Tokens:
    """The tokens of the scheme in force."""
    return _State.tokens


@cache
def color(name: str) -> QColor:
    """The colour of token `name` in the scheme in force."""
    return QColor(getattr(_State.tokens, name))


def focus_width() -> int:
    """How thick focus rings are, in logical pixels."""
    return _State.focus_width


def base_px() -> int:
    """The body size in logical pixels; every other size is this plus or minus a constant."""
    return _State.base_px


def scaled(px: int) -> int:
    """A length designed for a 13 px base, grown with a larger system font (never shrunk)."""
    return round(px * _State.base_px / _MINIMUM_BASE_PX)


def font(role: Type = Type.BODY, extra: int = 0) -> QFont:
    """The application font in the size and weight of `role`, `extra` pixels larger."""
    return QFont(_made_font(role, extra))


@cache
def _made_font(role: Type, extra: int) -> QFont:
    delta, weight = role.value
    result = QFont(QApplication.font())
    result.setPixelSize(_State.base_px + delta + extra)
    result.setWeight(weight)
    return result


@cache
def metrics(role: Type = Type.BODY) -> QFontMetrics:
    """Metrics of `font(role)`."""
    return QFontMetrics(font(role))


def _system_scheme() -> Scheme:
    return "dark" if QGuiApplication.styleHints().colorScheme() == Qt.ColorScheme.Dark else "light"


def _base_pixels(system: QFont) -> int:
    return max(_MINIMUM_BASE_PX, QFontInfo(system).pixelSize())


def _application_font(system: QFont, pixels: int) -> QFont:
    result = QFont(system)
    result.setFamilies([system.family(), *_FALLBACK_FAMILIES])
    result.setPixelSize(pixels)
    result.setFeature(QFont.Tag("tnum"), 1)
    # Some fonts have figures of one width but kern pairs such as "11", which breaks columns of numbers.
    result.setKerning(False)
    return result


def _palette(t: Tokens) -> QPalette:
    role = QPalette.ColorRole
    palette = QPalette()
    for name, roles in {
        t.window: (role.Window,),
        t.surface: (role.Base,),
        t.sunken: (role.AlternateBase,),
        t.raised: (role.Button, role.ToolTipBase, role.Light),
        t.border: (role.Midlight,),
        t.outline: (role.Mid,),
        t.strong: (role.Dark,),
        t.text: (role.Text, role.WindowText, role.ButtonText, role.ToolTipText, role.HighlightedText, role.BrightText),
        t.placeholder: (role.PlaceholderText,),
        t.accent: (role.Accent, role.Link, role.LinkVisited),
        t.selection: (role.Highlight,),
    }.items():
        for each in roles:
            palette.setColor(each, QColor(name))
    palette.setColor(role.Shadow, QColor(0, 0, 0, 153 if t.scheme == "dark" else 51))
    palette.setColor(QPalette.ColorGroup.Inactive, role.Highlight, QColor(t.selection_inactive))
    for each in (role.Text, role.WindowText, role.ButtonText, role.HighlightedText):
        palette.setColor(QPalette.ColorGroup.Disabled, each, QColor(t.disabled))
    return palette


def _style_sheet(t: Tokens) -> str:
    def glyph(name: str) -> str:
        return f"url({(_GLYPHS / f'{name}-{t.scheme}.svg').as_posix()})"

    small, ring = _State.base_px - 1, _State.focus_width
    return f"""
QLineEdit, QPlainTextEdit, QTextEdit[field="true"], QComboBox, QSpinBox, QDoubleSpinBox {{
  background: {t.surface}; color: {t.text}; placeholder-text-color: {t.placeholder};
  border: 1px solid {t.outline}; border-bottom-color: {t.strong};
  border-radius: 5px; padding: 0 9px; min-height: {scaled(26)}px;
  selection-background-color: {t.accent}; selection-color: {t.on_accent}; }}
QPlainTextEdit, QTextEdit[field="true"] {{ padding: 4px 5px; min-height: {scaled(18)}px; }}
QLineEdit {{ padding: 0 7px; }}
QLineEdit[leading="true"] {{ padding-left: 0; }}
QLineEdit:hover, QPlainTextEdit:hover, QComboBox:hover {{ border-color: {t.strong}; }}
QLineEdit:focus, QPlainTextEdit:focus, QTextEdit[field="true"]:focus, QComboBox:focus, QSpinBox:focus {{
  border: {ring}px solid {t.focus}; padding: 0 {10 - ring}px; min-height: {scaled(26) + 2 - 2 * ring}px; }}
QLineEdit:focus {{ padding: 0 {8 - ring}px; }}
QLineEdit[leading="true"]:focus {{ padding-left: 0; }}
QPlainTextEdit:focus, QTextEdit[field="true"]:focus {{ padding: {5 - ring}px {6 - ring}px;
  min-height: {scaled(18)}px; }}
QLineEdit:disabled, QPlainTextEdit:disabled, QComboBox:disabled, QSpinBox:disabled {{
  background: {t.sunken}; color: {t.disabled}; placeholder-text-color: {t.disabled}; border-color: {t.border}; }}
QLineEdit[error="true"], QComboBox[error="true"] {{ border-color: {t.danger}; }}
QLineEdit[cell="true"] {{ border: {ring}px solid {t.focus}; border-radius: 0; padding: 0 5px; min-height: 0; }}
QComboBox {{ padding-right: 4px; }}
QComboBox:focus {{ padding-right: 3px; }}
QComboBox::drop-down {{ subcontrol-origin: border; subcontrol-position: center right; width: 24px; border: 0; }}
QComboBox::down-arrow {{ image: {glyph("chevron")}; width: 14px; height: 14px; }}
QComboBox::down-arrow:disabled {{ image: {glyph("chevron-off")}; }}
QComboBox QAbstractItemView {{ background: {t.raised}; color: {t.text}; border: 1px solid {t.outline}; outline: 0;
  selection-background-color: {t.selection}; selection-color: {t.text}; }}
QComboBox QAbstractItemView::item {{ min-height: {scaled(26)}px; padding: 0 8px; }}
QCheckBox, QRadioButton {{ spacing: 8px; min-height: {scaled(24) - 4}px; border: 2px solid transparent;
  border-radius: 5px; padding: 0 2px; }}
QCheckBox:focus, QRadioButton:focus {{ border-color: {t.focus}; outline: 0; }}
QCheckBox::indicator, QRadioButton::indicator {{ width: 14px; height: 14px; border: 1px solid {t.strong};
  background: {t.surface}; }}
QCheckBox::indicator {{ border-radius: 4px; }}
QRadioButton::indicator {{ border-radius: 8px; }}
QCheckBox::indicator:checked, QCheckBox::indicator:indeterminate {{ background: {t.accent}; border-color: {t.accent}; }}
QCheckBox::indicator:checked {{ image: {glyph("check")}; }}
QCheckBox::indicator:indeterminate {{ image: {glyph("dash")}; }}
QRadioButton::indicator:checked {{ border: 5px solid {t.accent}; width: 6px; height: 6px; background: {t.on_accent}; }}
QCheckBox::indicator:unchecked:hover, QRadioButton::indicator:unchecked:hover {{ background: {t.hover}; }}
QCheckBox::indicator:unchecked:pressed, QRadioButton::indicator:unchecked:pressed {{ background: {t.press}; }}
QCheckBox::indicator:checked:hover {{ background: {t.accent_hover}; border-color: {t.accent_hover}; }}
QCheckBox::indicator:checked:pressed {{ background: {t.accent_press}; border-color: {t.accent_press}; }}
QRadioButton::indicator:checked:hover {{ border-color: {t.accent_hover}; }}
QRadioButton::indicator:checked:pressed {{ border-color: {t.accent_press}; }}
QCheckBox::indicator:disabled, QRadioButton::indicator:disabled {{ background: {t.sunken};
  border-color: {t.disabled}; }}
QCheckBox::indicator:checked:disabled, QCheckBox::indicator:indeterminate:disabled {{ background: {t.disabled}; }}
QHeaderView {{ background: {t.sunken}; border: 0; }}
QHeaderView::section {{ background: {t.sunken}; color: {t.muted}; border: 0; border-bottom: 1px solid {t.border};
  padding: 0 8px; font-size: {small}px; font-weight: 500; }}
QHeaderView::up-arrow, QHeaderView::down-arrow {{ width: 12px; height: 12px; subcontrol-position: center right; }}
QHeaderView::up-arrow {{ image: {glyph("up")}; }}
QHeaderView::down-arrow {{ image: {glyph("chevron")}; }}
QAbstractItemView {{ background: {t.surface}; border: 0; outline: 0; }}
QScrollBar {{ background: transparent; border: 0; margin: 0; }}
QScrollBar:vertical {{ width: 10px; }}
QScrollBar:horizontal {{ height: 10px; }}
QScrollBar::handle {{ background: {t.outline}; border-radius: 3px; margin: 2px; }}
QScrollBar::handle:vertical {{ min-height: 28px; }}
QScrollBar::handle:horizontal {{ min-width: 28px; }}
QScrollBar::handle:hover {{ background: {t.strong}; }}
QScrollBar::add-line, QScrollBar::sub-line {{ width: 0; height: 0; }}
QScrollBar::add-page, QScrollBar::sub-page {{ background: transparent; }}
QMenu {{ background: {t.raised}; color: {t.text}; border: 1px solid {t.outline}; padding: 4px; }}
QMenu::item {{ padding: 5px 24px 5px 10px; border-radius: 5px; }}
QMenu::item:selected {{ background: {t.selection}; }}
QMenu::item:disabled {{ color: {t.disabled}; }}
QMenu::separator {{ height: 1px; background: {t.border}; margin: 4px 6px; }}
QMenu::icon {{ padding-left: 8px; }}
QToolTip {{ background: {t.raised}; color: {t.text}; border: 1px solid {t.outline}; padding: 4px 6px; }}
QSplitter::handle {{ background: {t.border}; }}
"""
