"""Which effects belong together: several from one study, one school, one research group."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from core.errors import InputError
from core.pooling.measures.base import FloatArray
from core.pooling.results import EffectSizes

IntArray = np.ndarray[tuple[int], np.dtype[np.intp]]


def cluster_names(effects: EffectSizes, clusters: Sequence[object]) -> tuple[str, ...]:
    """The name of each effect's cluster. ``InputError`` when one has none, or their number is not the effects'."""
    if len(clusters) != len(effects):
        raise InputError(
            "pooling.lengths",
            "All inputs need one value per study, but they differ in length: {lengths}.",
            lengths=f"effects {len(effects)}, clusters {len(clusters)}",
        )
    names: list[str] = []
    for row, cluster in enumerate(clusters):
        # NaN is the one value that differs from itself.
        name = "" if cluster is None or cluster != cluster else str(cluster).strip()
        if not name:
            raise InputError(
                "pooling.no-cluster",
                "{study} belongs to no cluster. Name the one it belongs to, its study for instance; an effect that "
                "stands alone gets a cluster of its own.",
                study=effects.labels[row],
                row=row,
            )
        names.append(name)
    return tuple(names)


def cluster_codes(names: Sequence[str]) -> IntArray:
    """The clusters as numbers from 0 in order of first appearance."""
    known: dict[str, int] = {}
    return np.array([known.setdefault(name, len(known)) for name in names], dtype=np.intp)


def cluster_sums(codes: IntArray, values: FloatArray) -> FloatArray:
    """The sum of the values of each cluster."""
    return np.bincount(codes, values).astype(np.float64)
