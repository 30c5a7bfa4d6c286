"""Data that ship with the package; their sources are named in SOURCES.md beside them."""

from __future__ import annotations

from pathlib import Path

from nn.data import Dataset
from nn.tables import read_csv

__all__ = ["iris"]


def iris() -> Dataset:
    """Fisher's 150 irises: four lengths in centimeters, three species (Fisher 1936).

    >>> flowers = iris()
    >>> flowers.inputs.shape, flowers.classes
    ((150, 4), ('setosa', 'versicolor', 'virginica'))
    """
    return read_csv(Path(__file__).with_name("iris.csv")).dataset("species")
