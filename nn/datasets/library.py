"""Data sets that scikit-learn ships, as `Dataset`s; they need the extra `datasets`."""

from __future__ import annotations

import importlib
from typing import Any

import numpy as np

from nn.data import Dataset

__all__ = ["breast_cancer", "digits"]


def digits() -> Dataset:
    """1,797 handwritten digits of 8 x 8 pixels from 0 to 16 (UCI, Alpaydin & Kaynak 1998).

    Raises ImportError if scikit-learn is not installed.
    """
    return _loaded("load_digits")


def breast_cancer() -> Dataset:
    """569 tumors, malignant or benign, of 30 measurements (UCI, Wolberg et al. 1995).

    Raises ImportError if scikit-learn is not installed.
    """
    return _loaded("load_breast_cancer")


def _loaded(loader: str) -> Dataset:
    try:
        library: Any = importlib.import_module("sklearn.datasets")
    except ImportError as error:
        raise ImportError(
            "this data set comes with scikit-learn, which is not installed: "
            "pip install 'autograd_core[datasets]'"
        ) from error
    bunch = getattr(library, loader)()
    return Dataset(
        np.asarray(bunch.data, dtype=np.float64),
        np.asarray(bunch.target),
        tuple(str(name) for name in bunch.feature_names),
        tuple(str(name) for name in bunch.target_names),
    )
