"""Every kind of conversion has an explanation of its own."""

from __future__ import annotations

from core.explain import topic
from core.pooling.conversions import GROUPS


def test_every_kind_of_conversion_is_explained() -> None:
    assert [group.key for group in GROUPS if not topic(f"conversion.{group.key}").source] == []
