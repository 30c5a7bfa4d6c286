"""The elementary functions of our own: how far from the truth, and the same bits everywhere.

The bits are golden: a digest of many results, which no platform, compiler or back end may change.
Beside it stands what they are held to: mpmath, to within 1.1 units in the last place.
"""

from __future__ import annotations

import hashlib
import importlib.util
import math
import random
import struct
from collections.abc import Callable
from typing import Any

import numpy
import pytest

from autograd_core import compiled, record
from autograd_core.graph.nodes.making import apply
from autograd_core.primitives import PRIMITIVES, kind_of
from autograd_core.primitives.translation.straight import straight
from tests.primitives.accuracy import distance, unit
from tests.primitives.bits import EXTREMES
from tests.primitives.high_precision import exact, mp
from tests.primitives.samples import samples
from tests.program.replayed import same_bits
from tests.tiers import for_both_tiers

LIMIT = 1.1
"""Units in the last place."""


def within(most: float, x: Any) -> Any:
    """x, but no larger than that, where larger ones change nothing and mpmath would give up."""
    return max(-mp.mpf(most), min(mp.mpf(most), x))


TRUTHS: dict[str, Callable[[Any], Any]] = {
    "exp": mp.exp,
    "expm1": mp.expm1,
    "sigmoid": lambda x: 1 / (1 + mp.exp(-x)),
    "tanh": mp.tanh,
    "log": mp.log,
    "log1p": mp.log1p,
    "exp2": lambda x: mp.mpf(2) ** x,
    "sinh": mp.sinh,
    "cosh": mp.cosh,
    "log2": lambda x: mp.log(x, 2),
    "log10": mp.log10,
    "sin": mp.sin,
    "cos": mp.cos,
    "tan": mp.tan,
    "softplus": lambda x: mp.log1p(mp.exp(x)),
    "asin": mp.asin,
    "acos": mp.acos,
    "atan": mp.atan,
    "asinh": mp.asinh,
    "acosh": mp.acosh,
    "atanh": mp.atanh,
    "atan2": mp.atan2,
    "cbrt": lambda x: mp.sign(x) * mp.cbrt(abs(x)),
    "pow": lambda x, y: mp.power(x, y) if x else mp.mpf((mp.inf, 1, 0)[1 + int(mp.sign(y))]),
    "erf": mp.erf,
    "erfc": lambda x: mp.erfc(within(60, x)),
    "gaussian": lambda x: mp.exp(-x * x),
    "normal_pdf": mp.npdf,
    "normal_cdf": lambda x: mp.erfc(-within(60, x) / mp.sqrt(2)) / 2,
}
"""What each of them is."""

CIRCULAR = ("sin", "cos", "tan")

TURNS = (
    0.0,
    0.2929,
    0.3466,
    0.4142,
    0.55,
    0.7071067811865476,
    1.0,
    1.04,
    1.4142135623730951,
    2.0,
    19.06,
    36.7,
    40.0,
)
TURNS += (50.0, 708.4, 709.78, 745.13, 746.0, 2.0**-1022)
TURNS += (1647099.0, 6381956970095103.0 * 2.0**797, 5319372648326541.0 * 2.0**-50)
"""Where their formulas change, or their values leave the range; near multiples of π/2."""

MORE_TURNS = dict.fromkeys(
    ("asin", "acos", "atan", "asinh", "acosh", "atanh", "atan2"),
    (0.5, 0.41421356237309503, 2.414213562373095, 2.0**30, 2.0**60, 1e150, 1e-150),
)
MORE_TURNS |= dict.fromkeys(
    ("erf", "erfc", "gaussian", "normal_pdf", "normal_cdf"),
    (0.65, 0.9192, 26.5, 26.6, 27.2, 27.3, 27.4, 37.5, 38.4, 38.5, 38.7, 39.0),
)
"""Of some of them."""

GOLDEN: dict[str, str] = {
    "exp": "88fbd5068f30e467",
    "expm1": "ffd7799f0df26217",
    "sigmoid": "16e3c91343e10cfa",
    "tanh": "f9d51afe316b4ec4",
    "log": "2fa8b0149877aaca",
    "log1p": "66f6d8230496dea2",
    "exp2": "953bce92bbe1e1a1",
    "sinh": "75a423d1dc638f22",
    "cosh": "e8577c78af743606",
    "log2": "288a8230268a549f",
    "log10": "41d6ad1784289ff4",
    "sin": "9dc5d928df86825d",
    "cos": "eae1f1ca438de265",
    "tan": "2a4823272275ed95",
    "softplus": "f331f987179a8340",
    "asin": "2d40dcaa2904efca",
    "acos": "b1c1f8eebf7c8dd7",
    "atan": "fdfbc2fbbeac311b",
    "asinh": "4eaf309378c0ed5d",
    "acosh": "239f66401dcddcdb",
    "atanh": "9eff8a87d0e43df8",
    "cbrt": "49608acb95e6d69e",
    "pow": "0a6a3e81a6e86e84",
    "erf": "aeaee01b1e856f0c",
    "erfc": "0af34247a128879f",
    "gaussian": "8992c3adeb3ff173",
    "normal_pdf": "c0e0e2dd4898da41",
    "normal_cdf": "82522acd10324617",
    "atan2": "9eb76e06f99ae3c1",
}
"""Of their results at `points`."""

BACKENDS = ["numpy", *(["native"] if compiled else [])]
if compiled and importlib.util.find_spec("llvmlite"):
    BACKENDS.append("llvm")


def points(name: str, count: int) -> list[tuple[float, ...]]:
    """Operands of ordinary and of all sizes, made by exact steps: the same on every platform."""
    columns = [
        column(f"{name}{place or ''}", name, domain, count)
        for place, domain in enumerate(PRIMITIVES[name].domain)
    ]
    for place, numbers in enumerate(columns[1:]):  # or every turn would meet itself
        random.Random(place).shuffle(numbers)
    return list(zip(*columns, strict=False))


def column(seed: str, name: str, domain: tuple[float, float], count: int) -> list[float]:
    source = random.Random(seed)
    turns = TURNS + MORE_TURNS.get(name, ())
    found = [sign * turn for turn in turns for sign in (1.0, -1.0)]
    found += [math.nextafter(turn, source.choice((-math.inf, math.inf))) for turn in found]
    while len(found) < count:
        size = source.choice((source.randint(-1074, 1023), source.randint(-9, 9), 0))
        number = math.ldexp(1 + source.getrandbits(52) / 2**52, size)
        found.append(source.choice((number, -number)))
    low, high = domain
    return [number for number in found if low <= number <= high]


def digest(results: list[float]) -> str:
    packed = struct.pack(f"<{len(results)}d", *results)
    return hashlib.blake2b(packed, digest_size=8).hexdigest()


@for_both_tiers
@pytest.mark.parametrize("name", TRUTHS)
def test_they_are_within_one_unit_and_a_tenth(name: str) -> None:
    for x in points(name, 2000):
        with mp.workdps(400 if name in CIRCULAR else 60):  # of a huge number's remainder too
            truth = TRUTHS[name](*map(exact, x))
        computed = PRIMITIVES[name].forward(*x)
        if mp.isinf(truth):
            assert computed == truth
        else:
            assert distance(computed, truth) <= LIMIT * unit(truth), (x, computed)


@pytest.mark.parametrize("name", TRUTHS)
def test_their_bits_are_golden(name: str) -> None:
    assert digest([PRIMITIVES[name].forward(*x) for x in points(name, 2000)]) == GOLDEN[name]


@pytest.mark.parametrize("name", TRUTHS)
def test_they_run_in_lanes(name: str) -> None:
    assert straight(name)


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("name", TRUTHS)
def test_every_back_end_has_these_bits_in_lanes_and_in_single_numbers(name, backend):
    row = PRIMITIVES[name]
    program = record(lambda *x: apply(kind_of(name), x), *[0.5] * len(row.operands)).using(backend)
    operands = points(name, 2000)
    assert digest(program(*numpy.array(operands).T).tolist()) == GOLDEN[name]
    assert digest([program(*x) for x in operands[:300]]) == digest(
        [row.forward(*x) for x in operands[:300]]
    )


@pytest.mark.parametrize("name", [name for name in TRUTHS if PRIMITIVES[name].arity == 1])
def test_what_is_no_number_and_what_has_no_end(name: str) -> None:
    forward = PRIMITIVES[name].forward
    assert math.isnan(forward(math.nan))
    low, high = PRIMITIVES[name].domain[0]
    for x in (low, high):
        if name in CIRCULAR:
            assert math.isnan(forward(x))
            continue
        pole = name.startswith("log") and x == 0
        assert forward(x) == (-math.inf if pole else float(TRUTHS[name](mp.mpf(x))))
    if math.isfinite(high):
        assert math.isnan(forward(math.nextafter(high, math.inf)))
        assert math.isnan(forward(math.inf))
    if math.isfinite(low):
        assert math.isnan(forward(math.nextafter(low, -math.inf)))
        assert math.isnan(forward(-math.inf))
    if forward(0.0) == 0:
        assert math.copysign(1, forward(-0.0)) == -1
        assert math.copysign(1, forward(0.0)) == 1


@pytest.mark.parametrize(
    ("name", "base", "powers"), [("log2", 2, range(-1074, 1024)), ("log10", 10, range(23))]
)
def test_logarithms_of_powers_are_whole(name: str, base: int, powers: range) -> None:
    of_powers = [float(mp.mpf(base) ** power) for power in powers]
    assert [PRIMITIVES[name].forward(x) for x in of_powers] == list(powers)


def test_powers_of_two_are_exact() -> None:
    powers = range(-1074, 1024)
    assert [PRIMITIVES["exp2"].forward(float(k)) for k in powers] == [
        math.ldexp(1.0, k) for k in powers
    ]


@pytest.mark.parametrize("y", EXTREMES)
@pytest.mark.parametrize("x", EXTREMES)
def test_the_angle_of_extremes_is_the_c_library_s(y: float, x: float) -> None:
    expected = math.atan2(y, x)
    computed = PRIMITIVES["atan2"].forward(y, x)
    assert math.copysign(1, computed) == math.copysign(1, expected) or computed != computed
    assert computed == pytest.approx(expected, rel=4e-16, abs=5e-324, nan_ok=True)


def c99_power(x: float, y: float) -> float:
    """C's pow, by Python's, which raises at poles, beyond the range and outside of the domain."""
    odd = abs(y) < 2.0**53 and y % 2 == 1
    try:
        return math.pow(x, y)
    except OverflowError:
        return -math.inf if x < 0 and odd else math.inf
    except ValueError:
        if x == 0:
            return math.copysign(math.inf, x) if odd else math.inf
        return math.nan


@pytest.mark.parametrize("x", [*EXTREMES, -2.0, 2.5, -(2.0**53), 1e-310])
def test_powers_of_extremes_are_c99_s(x: float) -> None:
    for y in [*EXTREMES, -3.0, 0.5, 2.0**53 - 1.0, -(2.0**60)]:
        computed, expected = PRIMITIVES["pow"].forward(x, y), c99_power(x, y)
        assert computed == pytest.approx(expected, rel=4e-16, abs=5e-324, nan_ok=True)
        assert math.copysign(1, computed) == math.copysign(1, expected) or computed != computed


def test_powers_and_roots_that_a_double_holds_are_exact() -> None:
    power, cbrt = PRIMITIVES["pow"].forward, PRIMITIVES["cbrt"].forward
    for base in range(2, 200):
        for exponent in range(34):
            if base**exponent < 2**53:
                assert power(float(base), float(exponent)) == base**exponent
                assert power(-float(base), float(exponent)) == (-base) ** exponent
        assert power(float(base * base), 0.5) == cbrt(float(base**3)) == base
    assert all(power(2.0, float(k)) == math.ldexp(1.0, k) for k in range(-1074, 1024))


def test_the_commonest_powers_are_correctly_rounded() -> None:
    power = PRIMITIVES["pow"].forward
    for x in (x for (x,) in points("cbrt", 2000) if x):
        assert power(x, 2.0) == x * x
        assert power(x, -1.0) == 1.0 / x
        assert power(x, 0.5) == math.sqrt(x) if x > 0 else math.isnan(power(x, 0.5))
    # Not so the roots of -0 and -∞.
    assert [math.copysign(1, power(zero, 0.5)) for zero in (0.0, -0.0)] == [1, 1]
    assert power(-math.inf, 0.5) == power(math.inf, 0.5) == math.inf


def test_powers_are_nearly_correctly_rounded() -> None:
    source, wrong = random.Random("pow"), 0
    for _ in range(3000):
        x = math.ldexp(1 + source.random(), source.choice((-300, -1, -1, 0, 0, 1, 300)))
        y = source.uniform(-700.0, 700.0) / math.log(x) * source.choice((1.0, 0.01))
        computed, truth = PRIMITIVES["pow"].forward(x, y), mp.power(exact(x), exact(y))
        assert distance(computed, truth) <= 0.52 * unit(truth), (x, y)
        wrong += computed != float(truth)
    assert wrong <= 10


@pytest.mark.parametrize(
    ("x", "y"),
    [
        (1.0 - 2.0**-53, 2.0**54),  # of which rounding y - 1 makes y
        (1.0 + 2.0**-40, -(2.0**49) / 3.0),
        (3e-320, 0.3),
        (3e-320, 1.0 + 2.0**-52),
        (1.5e-15, 1.5e-323),
        (1e300, 1e-310),
        (2.0**-1000, -0.05),
        (1.0, 1e300),
        (0.3, 1e-20),
    ],
)
def test_slopes_of_powers_far_from_one_keep_their_digits(x: float, y: float) -> None:
    rate, slope = PRIMITIVES["power_rate"].forward, PRIMITIVES["power_log"].forward
    with mp.workdps(400):
        of_rate = exact(y) * mp.power(exact(x), exact(y) - 1)
        of_log = mp.power(exact(x), exact(y)) * mp.log(exact(x))
    assert distance(rate(x, y), of_rate) <= 1.5 * unit(of_rate)
    assert distance(slope(x, y), of_log) <= 2.0 * unit(of_log)


def test_a_negative_base_s_slope_has_the_sign_of_its_own_exponent() -> None:
    rate = PRIMITIVES["power_rate"].forward
    assert [rate(-2.0, float(y)) for y in (-1, 1, 3, 4)] == [-0.25, 1.0, 12.0, -32.0]
    assert rate(2.0**-53 - 1.0, 2.0**54) == -rate(1.0 - 2.0**-53, 2.0**54)
    assert rate(-3e-320, 4.0) == -0.0
    assert math.isnan(rate(-2.0, 1e-20))  # though 1e-20 - 1 is a whole number
    assert math.isnan(rate(-3e-320, 0.5))


BUILT_ON_THEM = [
    name
    for name, row in PRIMITIVES.items()
    if row.arity in (1, 2) and name not in TRUTHS and (found := straight(name)) and found.steps
]


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("name", BUILT_ON_THEM)
def test_what_is_built_on_them_has_the_same_bits_in_lanes(name, backend):
    row, source = PRIMITIVES[name], random.Random(name)
    operands = samples(row, 300)
    operands += [tuple(source.choice(EXTREMES) for _ in row.operands) for _ in range(100)]
    program = record(lambda *x: apply(kind_of(name), x), *[0.5] * len(row.operands)).using(backend)
    expected = [row.forward(*point) for point in operands]
    assert same_bits(program(*numpy.array(operands).T), expected)
