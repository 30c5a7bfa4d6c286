"""The `dot` program of an installed Graphviz, for formats that the built-in renderer does not make.

This module owns finding the program, running it with a time limit and turning its complaints into
one line. It never falls back to another renderer: choosing is `renderer`'s.
"""

import shutil
import subprocess

from autograd_core.errors import LayoutTimeout, RenderingError

__all__ = ["DOWNLOAD", "find_dot", "run_dot"]

DOWNLOAD = "https://graphviz.org/download/"


def find_dot() -> str | None:
    """Where the `dot` program lies on PATH, or None."""
    return shutil.which("dot")


def run_dot(
    program: str, source: str, format: str, algorithm: str, timeout: float | None, dpi: float | None
) -> tuple[bytes, str]:
    """Render DOT text with the program that `find_dot` found; the image, and its warnings.

    `timeout` is in seconds, `dpi` in dots per inch; None leaves either to the program. Raises
    LayoutTimeout when time is up and RenderingError with the program's first line of complaint.
    """
    command = [program, f"-K{algorithm}", f"-T{format}"]
    if dpi is not None:
        command.append(f"-Gdpi={dpi:g}")
    try:
        done = subprocess.run(
            command, input=source.encode(), capture_output=True, timeout=timeout, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise LayoutTimeout("the layout did not finish in time") from error
    except OSError as error:
        raise RenderingError(
            f"Cannot draw the graph: {program!r} could not be started ({error.strerror})."
        ) from error
    complaints = done.stderr.decode(errors="replace").strip()
    if done.returncode != 0 or not done.stdout:
        complaint = complaints.partition("\n")[0]
        raise RenderingError(
            f"Cannot draw the graph: {program!r} failed with exit status {done.returncode} "
            f"({complaint or 'no reason given'})."
        )
    return done.stdout, complaints
