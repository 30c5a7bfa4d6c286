"""Data to train on: Fisher's irises, which ship, problems made up, and what scikit-learn brings.

Where the data that ship come from stands in SOURCES.md beside them.
"""

from __future__ import annotations

from pathlib import Path

from nn.data import Dataset
from nn.datasets.library import breast_cancer, digits
from nn.datasets.synthetic import blobs, circles, four_points, moons, spirals, xor
from nn.tables.reader import read_csv

__all__ = [
    "blobs",
    "breast_cancer",
    "circles",
    "digits",
    "four_points",
    "iris",
    "moons",
    "spirals",
    "xor",
]


def iris() -> Dataset:
    """Fisher's 150 irises: four lengths in centimeters, three species (Fisher 1936).

    >>> flowers = iris()
    >>> flowers.inputs.shape, flowers.classes
    ((150, 4), ('setosa', 'versicolor', 'virginica'))
    """
    return read_csv(Path(__file__).with_name("iris.csv")).dataset("species")
