"""Where random numbers come from: an argument, never the state of a module.

Every function of `nn` that draws takes a `seed`; this module turns it into a generator. What is
drawn is decided where it is drawn.
"""

from __future__ import annotations

import operator
import random
from typing import Protocol

from autograd_core import got

__all__ = ["Generator", "Seed", "generator"]

Seed = int | random.Random | None
"""An int; a `random.Random` to go on drawing from; or None for Python's own `random`."""


class Generator(Protocol):
    """What `nn` draws with: a `random.Random`, or the module `random`."""

    def random(self) -> float: ...
    def uniform(self, a: float, b: float) -> float: ...
    def gauss(self, mu: float = 0.0, sigma: float = 1.0) -> float: ...


def generator(seed: Seed | Generator) -> Generator:
    """The generator that a seed stands for.

    An int makes a fresh one, so equal seeds draw equal numbers. None is Python's `random`, as in
    micrograd: a script that calls `random.seed` first draws the same weights here as there.

    Raises TypeError for anything else.

    >>> generator(7).random() == generator(7).random()
    True
    """
    if seed is None:
        return random
    if seed is random or isinstance(seed, random.Random):
        return seed
    try:
        return random.Random(operator.index(seed))  # type: ignore[arg-type]
    except TypeError:
        raise TypeError(f"seed must be an int, a random.Random or None, {got(seed)}") from None
