"""Selection models: step functions and beta weights of P values."""

from core.pooling.selection.model import (
    VEVEA_WOODS_STEPS,
    VEVEA_WOODS_WEIGHTS,
    SelectionModel,
    SelectionWeight,
    selection_model,
)

__all__ = ["VEVEA_WOODS_STEPS", "VEVEA_WOODS_WEIGHTS", "SelectionModel", "SelectionWeight", "selection_model"]
