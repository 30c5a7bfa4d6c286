"""The manners of a command line, whatever it does: exit statuses, one-line complaints, streams.

This module owns what a shell sees of a run that fails. It does not know what the command does.
"""

from __future__ import annotations

import contextlib
import io
import os
import sys
from collections.abc import Callable, Mapping

__all__ = ["run_command"]

LONGEST = 600
"""Letters of a complaint; of a longer one the middle, which repeats what was given, is left out."""


def run_command(
    name: str, work: Callable[[], int], refusals: Mapping[type[Exception], int] | None = None
) -> int:
    """Run a command and return its exit status: that of `work`, if nothing stands in the way.

    An error among the `refusals` is said in one line on standard error, after the command's name,
    and has the status given there; one of the system or of memory has 2, Ctrl-C 130. A reader who
    has gone (`| head`) is no fault: 0. What standard output has no letter for is escaped.

    >>> run_command("sum", lambda: 0)
    0
    """
    if sys.stdout is None:
        return _complain(name, "standard output is closed; send it to a file or to /dev/null", 2)
    known = dict(refusals or {})
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")  # a console may lack ∂ and ≈
    try:
        try:
            status = work()
        except SystemExit as leaving:  # of --help
            status = int(leaving.code or 0)
        sys.stdout.flush()  # so that a closed pipe or a full disk is met here and not at exit
        return status
    except BrokenPipeError:
        return 0
    except KeyboardInterrupt:
        return _complain(name, "interrupted", 130)
    except tuple(known) as error:
        status = next(known[kind] for kind in known if isinstance(error, kind))
        return _complain(name, _said(error), status)
    except OSError as error:
        return _complain(name, _said(error), 2)
    except MemoryError:
        return _complain(name, "there is not enough memory", 2)
    finally:
        _settle()


def _said(error: Exception) -> str:
    if isinstance(error, OSError) and error.strerror:
        return f"{error.filename}: {error.strerror}" if error.filename else error.strerror
    return str(error)


def _complain(name: str, what: str, status: int) -> int:
    line = " ".join(what.split())
    if len(line) > LONGEST:
        line = f"{line[: LONGEST // 2]} [...] {line[-LONGEST // 2 :]}"
    if sys.stderr is not None:
        with contextlib.suppress(OSError):  # nobody is left to be told
            print(f"{name}: {line}", file=sys.stderr)
    return status


def _settle() -> None:
    """Leave nothing that Python would fail to write, and say so, when it ends."""
    try:
        sys.stdout.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
