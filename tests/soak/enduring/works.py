"""Pieces of work that can be broken off anywhere, each with a check of what it leaves behind.

What is promised: a gradient, a parameter or a file is the old one or the new one and never between,
and the same work done again gives what it would have given the first time.
"""

from __future__ import annotations

import copy
import os
import pickle
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import numpy

from autograd_core import (
    Value,
    animate,
    draw,
    explain,
    grad,
    gradients,
    record,
    tanh,
    to_json,
    tree,
)
from autograd_core import sum as sum_of
from autograd_core.file_writer import write_file
from nn import MLP, fit
from tests.program.replayed import same_bits

SAVED = 150_000
"""Bytes in a file that is saved."""
SAMPLES = numpy.random.default_rng(0).normal(size=(600, 3))
TARGETS = SAMPLES[:, 0] * SAMPLES[:, 1]


class Work(NamedTuple):
    """What is done, and what is wrong afterwards, however far it came; empty if nothing is."""

    do: Callable[[], object]
    wrong: Callable[[], str]


def sweep() -> Work:
    leaves = [Value(float(number + 1)) for number in range(400)]

    def do() -> None:
        sum_of([tanh(leaf * 0.01) * leaf for leaf in leaves]).backward()

    return whole(leaves, do)


def whole(leaves: list[Value], do: Callable[[], object]) -> Work:
    """Work that adds to the gradients of leaves, which it must do to all of them or to none."""
    do()
    step = [leaf.grad for leaf in leaves]
    for leaf in leaves:
        leaf.grad = 0.0

    def wrong() -> str:
        found = [leaf.grad for leaf in leaves]
        for leaf in leaves:
            leaf.grad = 0.0
        if found not in (step, [0.0] * len(leaves)):
            return "gradients are neither all old nor all new"
        do()
        after = [leaf.grad for leaf in leaves]
        for leaf in leaves:
            leaf.grad = 0.0
        return "" if after == step else "the next sweep gives other gradients"

    return Work(do, wrong)


def same_again(do: Callable[[], Any], equal: Callable[[Any, Any], bool] | None = None) -> Work:
    """Work that gives the same whenever it is done."""
    expected = do()

    def wrong() -> str:
        found = do()
        alike = equal(found, expected) if equal else found == expected
        return "" if alike else f"done again it gives {found!r:.200}, not {expected!r:.200}"

    return Work(do, wrong)


def network() -> Any:
    model = MLP(3, [6, 6, 1], activation="tanh", seed=0)
    return model, lambda x, y: (model(x) - y) ** 2


def higher() -> Work:
    def do() -> list[float]:
        x, y = Value(0.5), Value(1.5)
        slopes = gradients((x * y).sin() * x.exp(), [x, y], create_graph=True)
        return [*(slope.data for slope in slopes), *gradients(slopes[0], [x, y])]

    return same_again(do)


def recording() -> Work:
    _, loss = network()
    return same_again(lambda: str(record(loss, [0.0] * 3, 0.0).gradient()))


def replaying(backend: str, threads: int = 1) -> Work:
    _, loss = network()
    program = record(loss, [0.0] * 3, 0.0).using(backend, threads=threads)

    def equal(one: Any, other: Any) -> bool:
        return all(same_bits(a, b) for a, b in zip(one, other, strict=True))

    return same_again(lambda: program.value_and_grad(SAMPLES, TARGETS, wrt="captured"), equal)


def replayed_sweep() -> Work:
    model, loss = network()
    program = record(loss, [0.0] * 3, 0.0)
    return whole(model.parameters(), lambda: program.backward(SAMPLES, TARGETS))


def training(tier: str) -> Work:
    def do() -> list[float]:
        model = MLP(3, [4, 1], activation="tanh", seed=0)
        samples, targets = SAMPLES[:40].tolist(), TARGETS[:40].tolist()
        history = fit(
            model, samples, targets, epochs=3, batch_size=10, progress=False, tier=tier, seed=1
        )
        parameters = [parameter.data for parameter in model.parameters()]
        assert all(numpy.isfinite(parameters))
        assert all(module.training for module in model.modules())
        return parameters if history.stopped != "interrupted" else []

    return same_again(do)


def texts() -> Work:
    def do() -> tuple[str, ...]:
        x, y = Value(0.5, name="x"), Value(1.5, name="y")
        f = (x * y).sin() * x + y.tanh()
        return draw(f).source, str(explain(f)), to_json(f), tree(f)

    return same_again(do)


def pictures() -> Work:
    def do() -> tuple[bytes, int]:
        x = Value(0.5, name="x")
        return draw(x * x).pipe(format="svg"), len(animate(x * x)._repr_html_())

    return same_again(do)


def copies() -> Work:
    x = Value(0.5, name="x")
    f = x
    for _ in range(300):
        f = (f * x).sin() + x

    def do() -> list[float]:
        both = copy.deepcopy(f), pickle.loads(pickle.dumps(f))
        return [each.data for each in both]

    return same_again(do)


def programs_kept() -> Work:
    _, loss = network()
    program = record(loss, [0.0] * 3, 0.0)

    def do() -> list[str]:
        return [type(program).from_json(program.to_json()).to_json(), program.to_c("f")]

    return same_again(do)


def saving(folder: Path, old: bytes | None) -> Work:
    """A file that is written, or written over, beside which nothing may be left."""
    place, new = folder / "kept", b"n" * SAVED

    def reset() -> None:
        for name in os.listdir(folder):
            (folder / name).unlink()
        if old is not None:
            place.write_bytes(old)

    def wrong() -> str:
        found = place.read_bytes() if place.exists() else None
        names = set(os.listdir(folder))
        reset()
        if found not in (old, new):
            return f"the file has {len(found or b'')} bytes, neither the old content nor the new"
        return "" if names <= {place.name} else f"beside the file there are {sorted(names)}"

    reset()
    return Work(lambda: write_file(place, new, overwrite=old is not None), wrong)


def works(folder: Path) -> Iterator[tuple[str, Callable[[], Work]]]:
    """All of them, by name."""
    yield "a sweep", sweep
    yield "derivatives of derivatives", higher
    yield "recording", recording
    for backend in ("native", "numpy", "llvm"):
        yield f"a replay by {backend}", lambda backend=backend: replaying(backend)
    yield "a replay in threads", lambda: replaying("native", threads=2)
    yield "a replayed sweep", replayed_sweep
    yield "eager training", lambda: training("eager")
    yield "replayed training", lambda: training("replayed")
    yield "texts", texts
    yield "pictures", pictures
    yield "copies and pickles", copies
    yield "programs as JSON and C", programs_kept
    for name, old in (("saving over a file", b"o" * 100_000), ("saving a new file", None)):
        own = folder / name
        own.mkdir()
        yield name, lambda own=own, old=old: saving(own, old)


def square(x: Any) -> Any:
    return x * x


RECORDED = "\n".join(["inputs    1: x = %0", "%1 = mul x, x", "return %1"])


def healthy() -> str:
    """What is wrong with the engine itself: a mode that is still on, a recording that goes on."""
    x = Value(1.5)
    if (x * x).constant:
        return "no gradients are recorded any more"
    if x.log().data != numpy.log(1.5) or Value(-1.0).log().data == 0.0:
        return "a logarithm is wrong"
    if grad(lambda v: v**3)(2.0) != 12.0 or str(record(square, 1.0)) != RECORDED:
        return "a derivative or a recording is wrong"
    return ""
