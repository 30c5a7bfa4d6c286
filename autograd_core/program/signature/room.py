"""Whether what a call's samples broadcast to fits into the machine: asked before any is made."""

from __future__ import annotations

import math
import os
from collections.abc import Mapping
from functools import cache

__all__ = ["check_room"]


def check_room(sizes: Mapping[str, int], samples: tuple[int, ...]) -> None:
    """Refuse, as MemoryError, arguments of so many numbers a sample over more axes of samples than
    there is memory for."""
    taken = 8 * math.prod(samples) * sum(sizes.values())
    if taken > _memory():
        raise MemoryError(
            f"{', '.join(sizes)} broadcast to {math.prod(samples):,} samples "
            f"({' x '.join(f'{axis:,}' for axis in samples)}), which take {taken / 1e9:,.0f} GB of "
            f"the {_memory() / 1e9:,.0f} GB that there are: call with a part of them at a time"
        )


@cache
def _memory() -> int:
    """The machine's bytes; where it does not tell, more than any has."""
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, OSError, ValueError):
        return 2**50
