"""Generalised linear mixed models of counts: one module per likelihood, ``glmm`` the way in."""

from __future__ import annotations

from core.pooling.glmm.fit import glmm
from core.pooling.glmm.likelihoods import LIKELIHOODS, OFFERED
from core.pooling.glmm.results import Glmm, GlmmSettings

__all__ = ["LIKELIHOODS", "OFFERED", "Glmm", "GlmmSettings", "glmm"]
