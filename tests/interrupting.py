"""Ctrl-C at any one instruction of Python, chosen by its number: interrupts without a clock."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any


class Interrupting:
    """A trace function that raises KeyboardInterrupt at one instruction of some files."""

    def __init__(self, place: int, counts: Callable[[Path], bool]) -> None:
        self.left = place
        self.counts = counts

    def __call__(self, frame: FrameType, event: str, argument: Any) -> Any:
        if not self.counts(Path(frame.f_code.co_filename)):
            return None
        frame.f_trace_opcodes = True
        if event == "opcode":
            self.left -= 1
            if self.left < 0:
                sys.settrace(None)
                raise KeyboardInterrupt
        return self


def interrupted_at(
    place: int,
    work: Callable[[], object],
    counts: Callable[[Path], bool],
    then: Callable[[], object] = lambda: None,
) -> bool:
    """Do the work up to that instruction, then `then` while the traceback lives, as at a prompt.

    Whether there were so many instructions. One in a callback is lost, as interrupts there are.
    """
    tracing, interrupting = sys.gettrace(), Interrupting(place, counts)
    sys._getframe().f_trace_opcodes = True  # Python 3.12 wants to know before tracing begins
    try:
        sys.settrace(interrupting)
        work()
    except KeyboardInterrupt:
        then()
    finally:
        sys.settrace(tracing)
    return interrupting.left < 0
