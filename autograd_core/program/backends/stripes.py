"""How samples are cut up for a sum over them: the same for every back end and any thread count.

Floating-point addition is not associative, so the order is a promise. A stripe is a run of
consecutive samples. Within it eight partial sums start from zero and sample s of the stripe is
added to partial sum s mod 8, in order; they are added as `folded` says, and the stripes' sums in
order.
"""

from __future__ import annotations

import numpy

from autograd_core.program.code.flat import Floats

__all__ = ["PARTIAL_SUMS", "folded", "stripes"]

PARTIAL_SUMS = 8
MOST = 32
SAMPLES = 1024  # where a stripe is worth a thread
GRAIN = 64  # stripes begin at multiples of it, whatever the lanes of a back end


def stripes(count: int) -> list[tuple[int, int]]:
    """The stripes of so many samples, each as its first sample and the one after its last."""
    wanted = min(MOST, max(1, -(-count // SAMPLES)))
    each = -(-count // wanted)
    each = -(-each // GRAIN) * GRAIN
    return [(start, min(start + each, count)) for start in range(0, count, each)] if count else []


def folded(partial_sums: Floats) -> Floats:
    """Eight partial sums, along the last axis, as one."""
    fours = partial_sums[..., :4] + partial_sums[..., 4:]
    twos = fours[..., :2] + fours[..., 2:]
    return numpy.asarray(twos[..., 0] + twos[..., 1])
