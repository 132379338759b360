"""What may stand on what: the contrast of two colours, and the least that each pair of tokens must keep."""

from __future__ import annotations

from dataclasses import dataclass

from gui.tokens import Tokens

TEXT = 4.5
"""WCAG 2.1, 1.4.3: text of body size."""
MARK = 3.0
"""WCAG 2.1, 1.4.11 and 1.4.3: icons, edges of controls, large text."""
DISABLED = 1.9
"""WCAG asks nothing of what cannot be used; less than this could not be read at all."""

PLACES = ("window", "surface", "sunken", "raised")
STATES = ("hover", "press", "selection", "selection_inactive")
_SPEAKING = ("accent", "success", "warn", "danger", "info", "include", "exclude", "maybe")
_PEOPLE = ("reviewer_1", "reviewer_2", "adjudicator")
_DISCS = ("rob_low", "rob_some", "rob_high", "rob_critical", "rob_none")


@dataclass(frozen=True)
class Pair:
    """Token `ink` is drawn on token `ground` and keeps a contrast of `least`."""

    ink: str
    ground: str
    least: float

    def ratio(self, tokens: Tokens) -> float:
        """The contrast in one scheme."""
        return contrast(getattr(tokens, self.ink), getattr(tokens, self.ground))


def _on(ink: str, *grounds: str, least: float = TEXT) -> tuple[Pair, ...]:
    return tuple(Pair(ink, ground, least) for ground in grounds)


PAIRS: tuple[Pair, ...] = (
    *_on("text", *PLACES, *STATES, *(f"{name}_soft" for name in _SPEAKING)),
    *_on("text", "include_term", "exclude_term", "found", "reviewer_1_soft", "reviewer_2_soft", "adjudicator_soft"),
    *_on("muted", *PLACES, *STATES, *(f"{name}_soft" for name in _SPEAKING)),
    *_on("placeholder", "surface", "sunken"),
    *_on("disabled", *PLACES, least=DISABLED),
    *(pair for name in _SPEAKING for pair in _on(name, f"{name}_soft", *PLACES)),
    *_on("on_accent", "accent", "accent_hover", "accent_press"),
    *_on("accent", *STATES, least=MARK),
    *_on("strong", "surface", "raised", "sunken", least=MARK),
    *_on("focus", *PLACES, *STATES, least=MARK),
    *(pair for name in _PEOPLE for pair in _on(name, f"{name}_soft", *PLACES)),
    *(pair for n in range(3, 7) for pair in _on(f"reviewer_{n}", *PLACES)),
    *_on("on_accent", *(f"reviewer_{n}" for n in range(1, 7)), "adjudicator"),
    *_on("accent", "outline", least=MARK),
    *(Pair(f"{disc}_ink", disc, TEXT) for disc in _DISCS),
)
"""Every pair of tokens that the window paints, as rules."""

DECORATION = frozenset({"border", *(f"{name}_border" for name in _SPEAKING)})
"""Tokens that carry no meaning of their own: lines between things, and edges round what has words and an icon."""


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours ``#RRGGBB``, 1 to 21 (WCAG 2.1, relative luminance)."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    red, green, blue = (_linear(int(colour[n : n + 2], 16) / 255) for n in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4
