"""How accurate primitives are beside the same functions of PyTorch, JAX and HIPS autograd.

    python -m tests.soak.computing.beside --points 2000

prints a table in Markdown: the largest error of value and derivative that each had at the same
points, in units in the last place, against mpmath at 60 digits; where terms cancel, in units of
their sum. Points where a derivative is a convention are left out of the derivatives, and so are
subnormal operands and results, which JAX takes for zero. A peer that has no such function shows a
dash. Nothing here decides what the engine is allowed: that is `accuracy`'s.
"""

from __future__ import annotations

import argparse
import datetime
import importlib.metadata
import shlex
import sys
import warnings
from collections.abc import Callable, Sequence
from typing import Any

import numpy

import autograd_core
from autograd_core.primitives import PRIMITIVES
from tests.primitives.accuracy import PARTIAL_LIMIT, VALUE_LIMIT, allowed, distance
from tests.primitives.high_precision import exact
from tests.primitives.references import REFERENCES
from tests.primitives.samples import samples

PLAIN = (
    *("exp", "expm1", "exp2", "log", "log1p", "log2", "log10", "sin", "cos", "tan", "asin", "acos"),
    *("atan", "sinh", "cosh", "tanh", "asinh", "acosh", "atanh", "sqrt", "reciprocal", "cbrt"),
    *("atan2", "hypot", "logaddexp"),
)
"""What all peers call as we do, but for the inverse functions' longer names."""
COMPARED = (
    *PLAIN,
    *("div", "pow", "erf", "erfc", "sigmoid", "softplus", "log_sigmoid", "softsign"),
    *("silu", "gelu"),
)
OURS = "autograd_core"

Results = tuple[Any, list[Any]]
"""Values, and derivatives by each operand, at all points."""
Peer = Callable[[str, list[Any]], Results | None]


def longer(name: str) -> str:
    """NumPy's name of an inverse function."""
    if name in ("asin", "acos", "atan", "atan2", "asinh", "acosh", "atanh"):
        return f"arc{name[1:]}"
    return name


def ours(name: str, columns: list[Any]) -> Results:
    row = PRIMITIVES[name]
    values, slopes = [], []
    for point in zip(*(column.tolist() for column in columns), strict=True):
        out = row.forward(*point)
        values.append(out)
        slopes.append(row.partials_at(point, out))
    return numpy.array(values), list(numpy.array(slopes, dtype=float).T)


def in_torch(name: str, columns: list[Any]) -> Results | None:
    import torch

    neural = {"log_sigmoid": "logsigmoid"}.get(name, name)
    function = {"div": torch.div}.get(name) or getattr(
        torch.nn.functional if name in NEURAL else torch, neural, None
    )
    if function is None:
        return None
    operands = [torch.tensor(column, requires_grad=True) for column in columns]
    values = function(*operands)
    slopes = torch.autograd.grad(values.sum(), operands)
    return values.detach().numpy(), [slope.numpy() for slope in slopes]


NEURAL = {"softplus", "log_sigmoid", "softsign", "silu", "gelu"}


def in_jax(name: str, columns: list[Any]) -> Results | None:
    import jax

    jax.config.update("jax_enable_x64", True)
    if name in NEURAL | {"sigmoid"}:
        function = getattr(jax.nn, {"softsign": "soft_sign"}.get(name, name))
        if name == "gelu":
            function = lambda x: jax.nn.gelu(x, approximate=False)  # noqa: E731
    elif name in ("erf", "erfc"):
        function = getattr(jax.scipy.special, name)
    else:
        function = getattr(jax.numpy, {"div": "divide", "pow": "power"}.get(name, longer(name)))
    places = tuple(range(len(columns)))
    slopes = jax.vmap(jax.grad(function, places))(*columns)
    return numpy.asarray(function(*columns)), [numpy.asarray(slope) for slope in slopes]


def in_hips(name: str, columns: list[Any]) -> Results | None:
    import autograd
    import autograd.numpy
    import autograd.scipy.special

    if name in ("erf", "erfc", "sigmoid"):
        special = autograd.scipy.special
        function = getattr(special, {"sigmoid": "expit"}.get(name, name), None)
    else:
        called = {"div": "divide", "pow": "power"}.get(name, longer(name))
        function = None if name in NEURAL else getattr(autograd.numpy, called, None)
    if function is None:
        return None
    try:
        slopes = [
            autograd.elementwise_grad(function, place)(*columns) for place in range(len(columns))
        ]
    except NotImplementedError:
        return None
    return numpy.asarray(function(*columns)), slopes


PEERS: dict[str, tuple[str, Peer]] = {
    "PyTorch": ("torch", in_torch),
    "JAX": ("jax", in_jax),
    "HIPS autograd": ("autograd", in_hips),
}


def installed() -> dict[str, tuple[str, Peer]]:
    """The peers that there are, by name and version."""
    found = {f"{OURS} {autograd_core.__version__}": (OURS, ours)}
    for name, (package, peer) in PEERS.items():
        try:
            found[f"{name} {importlib.metadata.version(package)}"] = package, peer
        except importlib.metadata.PackageNotFoundError:
            continue
    return found


def worst(name: str, points: Sequence[tuple[float, ...]], results: Results) -> tuple[float, float]:
    """The largest errors of values and of derivatives, in units in the last place."""
    reference = REFERENCES[name]
    value = partial = 0.0
    values, slopes = results
    for place, point in enumerate(points):
        operands = [exact(number) for number in point]
        if any(0 < abs(number) < sys.float_info.min for number in point):
            continue
        terms = reference.value_terms(*operands) if reference.value_terms else 0
        value = max(value, off(values[place], reference.value(*operands), VALUE_LIMIT, terms))
        truths = reference.partials_at(operands)
        for position, (slope, truth) in enumerate(zip(slopes, truths, strict=True)):
            part = reference.partials_terms.get(position)
            terms = part(*operands) if part else 0
            if truth is not None:
                partial = max(partial, off(slope[place], truth, PARTIAL_LIMIT, terms))
    return value, partial


def off(found: Any, truth: Any, limit: float, terms: Any) -> float:
    if 0 < abs(truth) < sys.float_info.min:
        return 0.0
    error = distance(float(found), truth)
    return float(error / allowed(truth, limit, terms) * limit) if error else 0.0


def shown(error: float) -> str:
    if error < 100:
        return f"{error:.2f}"
    return "all digits" if error >= 2.0**51 else f"{error:.1g}"


def main(arguments: Sequence[str] | None = None) -> int:
    given = list(sys.argv[1:] if arguments is None else arguments)
    parser = argparse.ArgumentParser(prog="python -m tests.soak.computing.beside")
    parser.add_argument("--points", type=int, default=2000, help="how many of every primitive")
    parser.add_argument("--only", nargs="*", choices=COMPARED, default=COMPARED)
    chosen = parser.parse_args(given)
    peers = installed()
    command = shlex.join(["python", "-m", "tests.soak.computing.beside", *given])
    print(f"`{command}`, {datetime.datetime.now(tz=datetime.UTC).date()}\n")
    print("| value, derivative | " + " | ".join(peers) + " |")
    print("|---|" + "---:|" * len(peers), flush=True)
    for name in chosen.only:
        points = samples(PRIMITIVES[name], chosen.points)
        columns = list(numpy.array(points).T)
        cells = []
        for _, peer in peers.values():
            with warnings.catch_warnings(), numpy.errstate(all="ignore"):
                warnings.simplefilter("ignore")
                results = peer(name, columns)
            errors = worst(name, points, results) if results else None
            cells.append(", ".join(map(shown, errors)) if errors else "–")
        print(f"| `{name}` | " + " | ".join(cells) + " |", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
