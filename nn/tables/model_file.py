"""What a file must hold to be a model of a table: every part checked before a network is built.

A part that is damaged must not give a prediction that is only wrong. `tabular` writes the file.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

from autograd_core import DataError
from nn.models.activations import ACTIVATIONS
from nn.models.state import READER

__all__ = ["FORMAT", "MOST_PARAMETERS", "check_model", "count_parameters"]

FORMAT = "autograd_core.nn table model"
MEMBERS = (
    "format",
    "target",
    "features",
    "classes",
    "sizes",
    "activation",
    "inputs",
    "outputs",
    "parameters",
)
MOST_PARAMETERS = 10**7


def count_parameters(sizes: Sequence[int]) -> int:
    """How many weights and biases an MLP of these sizes has.

    >>> count_parameters([2, 16, 1])
    65
    """
    return sum((nin + 1) * nout for nin, nout in pairwise(sizes))


def check_model(content: Mapping[str, Any]) -> None:
    """Raise DataError, which names the member, where the content of a file is no whole model."""
    READER.members(content, MEMBERS, "the model")
    features = _names(content["features"], "features")
    classes = _names(content["classes"], "classes")
    target, activation = content["target"], content["activation"]
    if not isinstance(target, str) or not target or target in features or not _is_text(target):
        raise DataError(f"target={target!r:.60} is no column besides the features")
    if not features or len(classes) == 1:
        raise DataError("it takes one feature or more, and no class or at least two")
    if not isinstance(activation, str) or activation not in ACTIVATIONS:
        raise DataError(f"activation={activation!r:.60} is none of {', '.join(ACTIVATIONS)}")
    _check_sizes(content["sizes"], len(features), len(classes) or 1)
    _check_parameters(content["parameters"], content["sizes"])
    _check_scale(content["inputs"], "inputs", len(features))
    if not classes:
        _check_scale(content["outputs"], "outputs", 1)
    elif content["outputs"] is not None:
        raise DataError("outputs must be null where there are classes")


def _names(thing: Any, where: str) -> list[str]:
    if not isinstance(thing, list):
        raise DataError(f"{where} must be a list, not {type(thing).__name__}")
    seen: set[str] = set()
    for name in thing:
        if not isinstance(name, str) or not name or not _is_text(name):
            raise DataError(f"{where}: {name!r:.60} is no name")
        if name in seen:
            raise DataError(f"{where} has {name!r:.60} twice")
        seen.add(name)
    return thing


def _is_text(name: str) -> bool:
    """Whether a file could hold it: JSON can escape halves of letters."""
    return not any("\ud800" <= letter <= "\udfff" for letter in name)


def _check_sizes(sizes: Any, first: int, last: int) -> None:
    if not isinstance(sizes, list) or not all(type(size) is int and size >= 1 for size in sizes):
        raise DataError(f"sizes={sizes!r:.60} is no list of whole numbers of at least 1")
    if len(sizes) < 2 or (sizes[0], sizes[-1]) != (first, last):
        raise DataError(
            f"sizes={sizes!r:.60} must lead from {first}, the features, to {last}, the outputs"
        )


def _check_parameters(parameters: Any, sizes: Sequence[int]) -> None:
    if not isinstance(parameters, dict):
        raise DataError(f"parameters must be an object, not {type(parameters).__name__}")
    wanted = count_parameters(sizes)
    if len(parameters) != wanted:
        raise DataError(
            f"it has {len(parameters):,} parameters; a network of the sizes {sizes!r:.60} has "
            + (f"{wanted:,}" if wanted < 10**15 else "more than 10**15")
        )
    _check_numbers(parameters.values(), "parameters")


def _check_scale(scale: Any, where: str, count: int) -> None:
    READER.members(scale, ("mean", "deviation"), where)
    for member, numbers in scale.items():
        if not isinstance(numbers, list) or len(numbers) != count:
            raise DataError(f"{where}.{member} must be a list of {count}, got {numbers!r:.60}")
        _check_numbers(numbers, f"{where}.{member}")
    if not all(deviation > 0 for deviation in scale["deviation"]):
        raise DataError(f"{where}.deviation has a number that is not above 0")


def _check_numbers(numbers: Any, where: str) -> None:
    for number in numbers:
        if not math.isfinite(READER.number(number, where)):
            raise DataError(f"{where}: {number!r:.60} is no finite number")
