"""What tells a process that hangs from one that waits for its turn at the processor."""

from __future__ import annotations

import os
from pathlib import Path


def processor_time(process: int) -> float:
    """The seconds of the processor that a process and those that it has waited for took so far.

    Only Linux tells it of another process.
    """
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return sum(map(int, fields[11:15])) / os.sysconf("SC_CLK_TCK")
