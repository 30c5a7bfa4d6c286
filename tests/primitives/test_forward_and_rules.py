"""Every row of the table against mpmath: values, partials, and that the check would notice."""

from __future__ import annotations

import itertools
import math
import random
from collections.abc import Callable, Sequence
from typing import Any

import pytest

from autograd_core import grad
from autograd_core.primitives import PRIMITIVES, Primitive
from tests.primitives.accuracy import PARTIAL_LIMIT, distance, problems, unit
from tests.primitives.high_precision import exact, mp
from tests.primitives.references import REFERENCES
from tests.primitives.samples import samples
from tests.soak.computing import accuracy
from tests.tiers import for_both_tiers

pytestmark = for_both_tiers

COUNT = 600

CORRUPTIONS: dict[str, Callable[[float], float]] = {
    "off by a millionth": lambda partial: partial * (1 + 1e-6),
    "of the wrong sign": lambda partial: -partial,
    "shifted": lambda partial: partial + 1e-6,
}


@pytest.fixture(params=list(REFERENCES))
def row(request: pytest.FixtureRequest) -> Primitive:
    return PRIMITIVES[request.param]


def test_values_and_partials_are_accurate_everywhere(row: Primitive) -> None:
    found = (trial.problem for trial in accuracy.of_row(row.name, 1, COUNT))
    assert list(itertools.islice(filter(None, found), 5)) == []


TAILS = {
    "exp": (-745.0, -700.0),
    "exp2": (-1074.0, -1020.0),
    "elu": (-745.0, -700.0),
    "sigmoid": (-745.0, -700.0),
    "softplus": (-745.0, -700.0),
    "log_sigmoid": (700.0, 745.0),
    "silu": (-751.0, -700.0),
    "tanh": (345.0, 375.0),
    "erf": (26.0, 27.4),
    "erfc": (26.0, 27.4),
    "gaussian": (26.0, 27.4),
    "normal_pdf": (37.0, 38.7),
    "normal_cdf": (-38.7, -37.0),
    "gelu": (-38.7, -37.0),
}
"""Where values or derivatives are subnormal."""


@pytest.mark.parametrize("name", TAILS)
def test_subnormal_results_are_accurate_up_to_the_second_derivative(name: str) -> None:
    row, reference, source = PRIMITIVES[name], REFERENCES[name], random.Random(name)
    second = grad(grad(lambda x: getattr(x, name)()))
    for _ in range(40):
        x = source.uniform(*TAILS[name])
        if row.arity == 2:  # of any scale
            assert list(problems(row, reference, [(x, source.uniform(-1000.0, 1000.0))])) == []
            continue
        assert list(problems(row, reference, [(x,)])) == []
        truth = mp.diff(lambda at: reference.partials_at([at])[0], exact(x))
        assert distance(second(x), truth) <= PARTIAL_LIMIT * unit(truth), x


def test_the_check_notices_a_wrong_value(row: Primitive) -> None:
    off = {"forward": lambda *operands: row.forward(*operands) * (1 + 1e-6)}
    wrong = row.__replace__(**off)
    assert next(problems(wrong, REFERENCES[row.name], samples(row, COUNT))).startswith("value of")


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_check_notices_a_slope_of_a_rounded_quotient(seed: int) -> None:
    row = PRIMITIVES["div"]
    points = [(x, y) for x, y in samples(row, COUNT, seed) if abs(y) > 1e-100]
    wrong = row.__replace__(partials=(row.partials[0], lambda x, y, out: -out / y))
    assert list(problems(row, REFERENCES["div"], points)) == []
    assert next(problems(wrong, REFERENCES["div"], points)).startswith("partial 1 of div")


@pytest.mark.parametrize("corruption", CORRUPTIONS)
def test_the_check_notices_a_wrong_partial(row: Primitive, corruption: str) -> None:
    corrupt = CORRUPTIONS[corruption]
    points = samples(row, COUNT)
    for position in range(len(row.partials)):
        if corruption != "shifted" and is_flat(row, position, points):
            continue  # no multiple of zero is wrong
        wrong = row.__replace__(partials=corrupted(row, position, corrupt))
        found = next(problems(wrong, REFERENCES[row.name], points), "nothing noticed")
        assert found.startswith(f"partial {position} of" if row.arity else "partial")


def is_flat(row: Primitive, position: int, points: Sequence[tuple[float, ...]]) -> bool:
    return all(row.partials_at(point, row.forward(*point))[position] == 0 for point in points)


def corrupted(
    row: Primitive, position: int, corrupt: Callable[[float], float]
) -> tuple[Callable[..., Any], ...]:
    """The row's partials, the one at `position` corrupted; of a variadic row, all of them."""
    partials = list(row.partials)
    sound = partials[position]
    if row.arity is None:
        partials[position] = lambda operands, out: [corrupt(p) for p in sound(operands, out)]
    else:
        partials[position] = lambda *arguments: corrupt(sound(*arguments))
    return tuple(partials)


@pytest.mark.parametrize("name", ["double_cosine", "double_sine"])
@pytest.mark.parametrize("point", [(5e-324, 5e-324), (2.2e-311, 2.2e-311), (-7e-311, 2e-311)])
def test_third_derivatives_of_an_angle_are_infinite_at_a_subnormal_radius(name, point):
    row = PRIMITIVES[name]
    found = row.partials_at(point, row.forward(*point))
    truth = REFERENCES[name].partials_at([exact(x) for x in point])
    assert found == [math.copysign(math.inf, partial) for partial in truth]
