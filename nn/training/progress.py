"""The progress bar of a training, on standard error.

Writing costs more than a replayed step, so the bar is brought up to date a few times a second.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from time import monotonic

from tqdm import tqdm

__all__ = ["Progress"]

PAUSE = 0.1  # seconds


class Progress:
    """A bar that counts batches; or nothing, if it is not to be shown."""

    def __init__(self, batches: int, shown: bool) -> None:
        seen = shown and sys.stderr is not None  # closed, as `2>&-` leaves it
        self._bar = tqdm(total=batches, unit="batch", file=sys.stderr) if seen else None
        self._waiting = 0
        self._next = 0.0

    def step(self, epoch: int, loss: float, learning_rate: float, batches: int = 1) -> None:
        """Count batches; the loss is the last one's."""
        if self._bar is None:
            return
        self._waiting += batches
        if (now := monotonic()) >= self._next or self._bar.n + self._waiting == self._bar.total:
            self._next = now + PAUSE
            self._bar.set_postfix(
                epoch=epoch, loss=f"{loss:.4g}", learning_rate=f"{learning_rate:.3g}", refresh=False
            )
            self._bar.update(self._waiting)
            self._waiting = 0

    def describe(self, scores: Mapping[str, float]) -> None:
        """Show scores in front."""
        if self._bar is not None and scores:
            shown = ", ".join(f"{name} {score:.4g}" for name, score in scores.items())
            self._bar.set_description(shown, False)

    def say(self, line: str) -> None:
        """Write a line above the bar."""
        if self._bar is not None:
            self._bar.write(line, file=sys.stderr)

    def close(self) -> None:
        """Show where it ended."""
        if self._bar is not None:
            self._bar.update(self._waiting)
            self._waiting = 0
            self._bar.close()
