"""Sums of products, on one processor whatever their length."""

from __future__ import annotations

import numpy as np

from core.pooling.measures.base import FloatArray

LONG = 8192


def dot(a: FloatArray, b: FloatArray) -> float:
    """sum a b. Beyond a few thousand numbers BLAS would share the work between threads, which wait for one another when
    the machine is busy: an analysis of 100,000 studies then takes ten times as long."""
    return float(a.dot(b)) if len(a) <= LONG else float(np.einsum("i,i->", a, b))
