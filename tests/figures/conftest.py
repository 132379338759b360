"""The figures that several tests lay out."""

from __future__ import annotations

import pytest

from core.figures.forest_model import ForestPlot
from tests.figures.examples import response_plot


@pytest.fixture(scope="session")
def response() -> ForestPlot:
    """Response to ketamine in SAD and PTSD."""
    return response_plot()
