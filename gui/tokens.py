"""The colours of the window: one frozen table for light, one for dark. Nothing else in gui names a colour."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import Literal

Scheme = Literal["light", "dark"]


@dataclass(frozen=True)
class Tokens:
    """Every colour a widget may paint with, as ``#RRGGBB``. ``*_soft`` is a tint to put ink of the same name on."""

    scheme: Scheme
    # greys, from chrome to text
    window: str
    surface: str
    sunken: str
    raised: str
    hover: str
    press: str
    border: str
    outline: str
    strong: str
    text: str
    muted: str
    placeholder: str
    disabled: str
    # accent and selection
    accent: str
    accent_hover: str
    accent_press: str
    on_accent: str
    accent_soft: str
    accent_border: str
    selection: str
    selection_inactive: str
    focus: str
    # messages
    success: str
    success_soft: str
    success_border: str
    warn: str
    warn_soft: str
    warn_border: str
    danger: str
    danger_soft: str
    danger_border: str
    info: str
    info_soft: str
    info_border: str
    # decisions
    include: str
    include_soft: str
    include_border: str
    exclude: str
    exclude_soft: str
    exclude_border: str
    maybe: str
    maybe_soft: str
    maybe_border: str
    # people
    reviewer_1: str
    reviewer_1_soft: str
    reviewer_2: str
    reviewer_2_soft: str
    reviewer_3: str
    reviewer_4: str
    reviewer_5: str
    reviewer_6: str
    adjudicator: str
    adjudicator_soft: str
    # marks in text
    include_term: str
    exclude_term: str
    found: str
    # risk of bias: disc and the ink of its sign
    rob_low: str
    rob_low_ink: str
    rob_some: str
    rob_some_ink: str
    rob_high: str
    rob_high_ink: str
    rob_critical: str
    rob_critical_ink: str
    rob_none: str
    rob_none_ink: str


LIGHT = Tokens(
    scheme="light",
    window="#F2F4F1",
    surface="#FFFFFF",
    sunken="#F8F9F7",
    raised="#FFFFFF",
    hover="#EDF0EC",
    press="#E2E7E1",
    border="#E1E5DF",
    outline="#C5CCC4",
    strong="#838D86",
    text="#1A201C",
    muted="#56615A",
    placeholder="#6A746D",
    disabled="#A3ABA5",
    accent="#1E6B52",
    accent_hover="#185A45",
    accent_press="#134736",
    on_accent="#FFFFFF",
    accent_soft="#E4F1EA",
    accent_border="#A6CCBB",
    selection="#DCECE4",
    selection_inactive="#E8ECE8",
    focus="#1E6B52",
    success="#1A7048",
    success_soft="#E3F3E9",
    success_border="#A6CCBB",
    warn="#855600",
    warn_soft="#FFF3D9",
    warn_border="#E5C67C",
    danger="#B3261E",
    danger_soft="#FDEBE9",
    danger_border="#E8B0AA",
    info="#2459A6",
    info_soft="#E8F0FB",
    info_border="#B0C8EA",
    include="#1B5FAE",
    include_soft="#E3EDF9",
    include_border="#A9C7E8",
    exclude="#A02E50",
    exclude_soft="#FBE6E6",
    exclude_border="#E2B0BF",
    maybe="#846200",
    maybe_soft="#FBF2CC",
    maybe_border="#DCC570",
    reviewer_1="#6447B0",
    reviewer_1_soft="#EEEAF9",
    reviewer_2="#0A6F7D",
    reviewer_2_soft="#DFF2F4",
    reviewer_3="#9A4A12",
    reviewer_4="#5E6A12",
    reviewer_5="#41597A",
    reviewer_6="#6B5B53",
    adjudicator="#2F3A34",
    adjudicator_soft="#E6EAE6",
    include_term="#D3E4F8",
    exclude_term="#FBDACF",
    found="#FFE066",
    rob_low="#3FB48B",
    rob_low_ink="#0B241A",
    rob_some="#F2C94C",
    rob_some_ink="#2A2100",
    rob_high="#B3261E",
    rob_high_ink="#FFFFFF",
    rob_critical="#5E1220",
    rob_critical_ink="#FFFFFF",
    rob_none="#D3D9D4",
    rob_none_ink="#1A201C",
)

DARK = Tokens(
    scheme="dark",
    window="#141816",
    surface="#1B201D",
    sunken="#181C1A",
    raised="#272D29",
    hover="#252B28",
    press="#2E3531",
    border="#2E3531",
    outline="#465049",
    strong="#78837C",
    text="#E5EAE7",
    muted="#A5B0A9",
    placeholder="#919C95",
    disabled="#5E6862",
    accent="#69C29F",
    accent_hover="#7FD1B1",
    accent_press="#57AD8B",
    on_accent="#0A1F17",
    accent_soft="#1F3A30",
    accent_border="#2F6450",
    selection="#254437",
    selection_inactive="#2B322E",
    focus="#69C29F",
    success="#6CCB95",
    success_soft="#1C3A29",
    success_border="#2F6450",
    warn="#E9B949",
    warn_soft="#3A2E12",
    warn_border="#6B5620",
    danger="#FF9A90",
    danger_soft="#45211E",
    danger_border="#7A3A35",
    info="#8AB8F2",
    info_soft="#1C2E45",
    info_border="#355780",
    include="#8ABAF5",
    include_soft="#1B2F49",
    include_border="#365D8C",
    exclude="#F49AAE",
    exclude_soft="#47232F",
    exclude_border="#7E4456",
    maybe="#E3C25C",
    maybe_soft="#3A3217",
    maybe_border="#6B5D27",
    reviewer_1="#B8A5F4",
    reviewer_1_soft="#332B52",
    reviewer_2="#5CC5D3",
    reviewer_2_soft="#163C42",
    reviewer_3="#E8A87C",
    reviewer_4="#BFCB6B",
    reviewer_5="#A3B8D6",
    reviewer_6="#C9B8AE",
    adjudicator="#DDE3DF",
    adjudicator_soft="#343B37",
    include_term="#22426A",
    exclude_term="#5F2B3C",
    found="#6B5A14",
    rob_low="#3FB48B",
    rob_low_ink="#0B241A",
    rob_some="#F2C94C",
    rob_some_ink="#2A2100",
    rob_high="#E2574B",
    rob_high_ink="#1A0503",
    rob_critical="#8C2436",
    rob_critical_ink="#FFFFFF",
    rob_none="#565F59",
    rob_none_ink="#F0F3F1",
)


def with_strong_edges(tokens: Tokens) -> Tokens:
    """The same for who asks the system for high contrast: every edge as strong as a control's, and no tints."""
    edges = dict.fromkeys(("border", "outline"), tokens.strong)
    inks = {
        each.name: getattr(tokens, each.name.removesuffix("_border"))
        for each in fields(tokens)
        if each.name.endswith("_border")
    }
    tints = {each.name: tokens.surface for each in fields(tokens) if each.name.endswith("_soft")}
    return replace(tokens, **edges, **inks, **tints, muted=tokens.text, disabled=tokens.strong)
