"""Pictures of functions and of sequences: tangents, activations, chords, rates, norms, images.

Like `plots` they need matplotlib, draw on axes they are given or on new ones, and return them.
Every slope in them is the engine's. Legends stand above, where they cover nothing.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

import autograd_core
from autograd_core import grad
from nn.axes import COLORS, axes_for, new_axes
from nn.diagnostics.convexity import Witness
from nn.options import (
    checked_function,
    choice,
    got,
    listed,
    numbers_of,
    one_number,
    real,
    span,
    whole,
)

__all__ = [
    "activations",
    "chord",
    "heat_map",
    "images",
    "norms_by_depth",
    "rates",
    "tangent",
]

Array = NDArray[np.float64]
Function = Callable[[Any], Any]
LINES = ("-", "--", "-.", ":", (0, (8, 2)), (0, (4, 1, 1, 1, 1, 1)))
"""As many dashes as are told apart without color."""
POINTS = 401


def tangent(
    function: Function,
    at: float,
    x: tuple[float, float],
    *,
    steps: Iterable[float] = (),
    name: str = "f",
    axes: Any = None,
) -> Any:
    """A curve, its tangent at a point, and the secants from there to `at + h` for h in `steps`.

    `name` is what the function is called in the picture.

    Raises ValueError for an empty range or a step of 0.

    >>> axes = tangent(lambda x: x * x, 1.0, (-1.0, 3.0), steps=(1.0, 0.5))
    >>> [text.get_text() for text in axes.get_legend().get_texts()]
    ['f', 'h = 1: slope 3', 'h = 0.5: slope 2.5', 'tangent: slope 2']
    """
    checked_function(function, "tangent()", "x")
    if not isinstance(name, str):
        raise TypeError(f"name must be what the function is called in the picture, {got(name)}")
    at, steps = real(at, "at"), listed(steps, "steps", "a list of numbers")
    axes = axes_for(axes)
    ticks = _ticks(x)
    value, slope = one_number(function(at)), float(grad(function)(at))
    heights = np.array([one_number(function(tick)) for tick in ticks.tolist()])
    axes.plot(ticks, heights, color="black", linewidth=2, label=name)
    for place, step in enumerate(steps):
        if real(step, "a step") == 0:
            raise ValueError("a secant needs two points: a step is 0")
        far = one_number(function(at + step))
        rise = (far - value) / step
        style = {"color": COLORS[(place + 1) % len(COLORS)], "linestyle": LINES[place % 3 + 1]}
        axes.plot(
            ticks, value + rise * (ticks - at), **style, label=f"h = {step:g}: slope {rise:.4g}"
        )
        axes.plot([at + step], [far], "o", color=style["color"], markersize=5, label="_far")
    axes.plot(
        ticks, value + slope * (ticks - at), color=COLORS[0], linewidth=2,
        label=f"tangent: slope {slope:.4g}",
    )  # fmt: skip
    axes.plot([at], [value], "o", color="black", markersize=6, label="_at")
    low, high = float(heights.min()), float(heights.max())
    axes.set_ylim(low - 0.15 * (high - low), high + 0.05 * (high - low))
    _legend_above(axes)
    return _labeled(axes, "x", f"{name}(x)")


def activations(
    names: str | Sequence[str] = ("sigmoid", "tanh", "relu"),
    x: tuple[float, float] = (-6.0, 6.0),
) -> tuple[Any, Any]:
    """Activation functions in one panel and their slopes in another; both are returned.

    A name, of one or of several, is that of a function of one number in `autograd_core`.

    Raises ValueError for a name that is none of them.

    >>> values, slopes = activations(["sigmoid"])
    >>> float(max(slopes.lines[0].get_ydata()))
    0.25
    """
    chosen = [names] if isinstance(names, str) else listed(names, "names", "one name or several")
    if not chosen:
        raise ValueError(f"names must be one name or several, {got(names)}")
    figure = new_axes().figure
    figure.clear()
    figure.set_size_inches(9.0, 3.6)
    values, slopes = figure.subplots(1, 2)
    ticks = _ticks(x)
    for place, name in enumerate(chosen):
        known = isinstance(name, str) and name in autograd_core.PRIMITIVES
        function: Any = getattr(autograd_core, name) if known else None
        try:
            float(function(0.5))
        except TypeError:
            raise ValueError(
                f"{name!r} is no function of one number, such as 'sigmoid' or 'tanh'"
            ) from None
        style = {"color": COLORS[place % len(COLORS)], "linestyle": LINES[place % len(LINES)]}
        values.plot(ticks, [float(function(t)) for t in ticks.tolist()], **style, label=name)
        slopes.plot(ticks, [grad(function)(t) for t in ticks.tolist()], **style, label=name)
    for axes, title in ((values, "value"), (slopes, "slope")):
        axes.axhline(0.0, color="gray", linewidth=0.6, zorder=0, label="_zero")
        axes.axvline(0.0, color="gray", linewidth=0.6, zorder=0, label="_zero")
        _labeled(axes, "x", title)
        _legend_above(axes)
    return values, slopes


def chord(function: Function, witness: Witness, x: tuple[float, float], axes: Any = None) -> Any:
    """A curve and the chord of a witness that the curve rises above, with the gap between them.

    >>> from nn import convexity_violation
    >>> hump = lambda x: x**4 - x**2
    >>> axes = chord(hump, convexity_violation(hump, -1.0, 1.0), (-1.0, 1.0))
    >>> [line.get_label() for line in axes.lines][:2]
    ['f', 'chord']
    """
    checked_function(function, "chord()", "x")
    if not hasattr(witness, "chord"):
        raise TypeError(f"witness must be what convexity_violation() found, {got(witness)}")
    axes = axes_for(axes)
    ticks = _ticks(x)
    heights = [one_number(function(tick)) for tick in ticks.tolist()]
    axes.plot(ticks, heights, color="black", linewidth=2, label="f")
    ends = [witness.a, witness.b]
    axes.plot(
        ends, [one_number(function(end)) for end in ends], "o-", color=COLORS[0], label="chord"
    )
    between = (1 - witness.share) * witness.a + witness.share * witness.b
    axes.plot(
        [between, between], [witness.chord, witness.value], "s:", color=COLORS[5], linewidth=2,
        label=f"f is {witness.value - witness.chord:.3g} above the chord",
    )  # fmt: skip
    _legend_above(axes)
    return _labeled(axes, "x", "f(x)")


def rates(errors: Mapping[str, ArrayLike], axes: Any = None, *, steps: str = "log") -> Any:
    """Errors over the steps on logarithmic axes, where 1/k is a line of slope -1.

    With `steps="linear"` the steps are not, and linear convergence is a line. What is not above 0,
    such as an error of exactly 0, has no place on such an axis and is left out.

    Raises ValueError for no errors, or other `steps`.

    >>> axes = rates({"1/k": [1 / k for k in range(1, 9)]})
    >>> axes.get_xscale(), axes.get_yscale()
    ('log', 'log')
    """
    if not isinstance(errors, Mapping) or not errors:
        raise ValueError(f"there are no errors to draw: give some by name, {got(errors)}")
    choice(steps, "steps", ("log", "linear"))
    axes = axes_for(axes)
    for place, (name, given) in enumerate(errors.items()):
        numbers = numbers_of(given, f"the errors of {name!r}", 1)
        counts = np.arange(len(numbers)) + (1 if steps == "log" else 0)
        above = numbers > 0
        style = {"color": COLORS[place % len(COLORS)], "linestyle": LINES[place % len(LINES)]}
        axes.plot(counts[above], numbers[above], **style, label=name)
    axes.set_xscale(steps)
    axes.set_yscale("log")
    axes.grid(visible=True, color="0.9", linewidth=0.6)
    _legend_above(axes)
    return _labeled(axes, "k + 1" if steps == "log" else "k", "error")


def norms_by_depth(norms: Mapping[str, ArrayLike], axes: Any = None) -> Any:
    """Norms of gradients over the layers, on a logarithmic axis.

    >>> axes = norms_by_depth({"σ": [1e-3, 1e-2, 1e-1]})
    >>> axes.get_yscale()
    'log'
    """
    if not isinstance(norms, Mapping) or not norms:
        raise ValueError(f"there are no norms to draw: give some by name, {got(norms)}")
    axes = axes_for(axes)
    markers = "osD^vP"
    for place, (name, given) in enumerate(norms.items()):
        numbers = numbers_of(given, f"the norms of {name!r}", 1)
        layers = np.arange(1, len(numbers) + 1)
        color, line = COLORS[place % len(COLORS)], LINES[place % len(LINES)]
        axes.plot(layers, numbers, markers[place % 6], linestyle=line, color=color, label=name)
    axes.set_yscale("log")
    axes.xaxis.set_major_locator(
        importlib.import_module("matplotlib.ticker").MaxNLocator(integer=True)
    )
    axes.grid(visible=True, color="0.9", linewidth=0.6)
    _legend_above(axes)
    return _labeled(axes, "layer", "norm of the gradient")


def heat_map(
    table: ArrayLike, rows: Sequence[str], columns: Sequence[str], axes: Any = None
) -> Any:
    """A table of numbers as colored cells with the numbers in them.

    Raises ValueError unless there is a name for each row and each column.

    >>> axes = heat_map([[1.0, 2.0]], ["a"], ["b", "c"])
    >>> [text.get_text() for text in axes.texts]
    ['1', '2']
    """
    numbers = numbers_of(table, "table", 2)
    rows, columns = listed(rows, "rows", "names"), listed(columns, "columns", "names")
    if numbers.shape != (len(rows), len(columns)):
        raise ValueError(
            f"a table of {len(rows)} rows and {len(columns)} columns is named, "
            f"got an array of shape {numbers.shape}"
        )
    axes = axes_for(axes)
    image = axes.imshow(numbers, cmap="cividis", aspect="auto")
    middle = (np.nanmin(numbers) + np.nanmax(numbers)) / 2
    for (row, column), number in np.ndenumerate(numbers):
        color = "white" if number < middle else "black"
        axes.text(column, row, f"{number:.3g}", ha="center", va="center", color=color)
    axes.set_xticks(range(len(columns)), columns)
    axes.set_yticks(range(len(rows)), rows)
    axes.figure.colorbar(image, ax=axes)
    return axes


def images(
    rows: ArrayLike,
    shape: tuple[int, int] = (8, 8),
    *,
    titles: Sequence[str] = (),
    columns: int = 8,
) -> Any:
    """Rows of numbers as small gray images, each under its title; returns the figure.

    Raises ValueError for rows that have not as many numbers as the shape.

    >>> figure = images([[0.0, 1.0, 2.0, 3.0]], (2, 2), titles=["a"])
    >>> len(figure.axes)
    1
    """
    whole(columns, "columns")
    numbers = numbers_of(rows, "rows", 2)
    sides = listed(shape, "shape", "a pair (height, width)")
    if len(sides) != 2:
        raise ValueError(f"shape must be a pair (height, width), {got(shape)}")
    shape = whole(sides[0], "the height"), whole(sides[1], "the width")
    titles = listed(titles, "titles", "names in a list")
    if not len(numbers) or len(titles) not in (0, len(numbers)):
        raise ValueError(
            f"images need a row at least and a title for each or none, got {len(numbers)} rows and "
            f"{len(titles)} titles"
        )
    if numbers.shape[1] != shape[0] * shape[1]:
        raise ValueError(
            f"images of {shape[0]} × {shape[1]} need rows of {shape[0] * shape[1]} numbers, "
            f"got an array of shape {numbers.shape}"
        )
    figure = new_axes().figure
    figure.clear()
    across = min(columns, len(numbers))
    down = -(-len(numbers) // across)
    figure.set_size_inches(1.0 * across, (1.3 if titles else 1.0) * down)
    for place, row in enumerate(numbers):
        axes = figure.add_subplot(down, across, place + 1)
        axes.imshow(row.reshape(shape), cmap="gray_r", interpolation="nearest")
        axes.set_axis_off()
        if titles:
            axes.set_title(titles[place], fontsize=9)
    return figure


def _ticks(limits: tuple[float, float]) -> Array:
    low, high = span(limits, "a range")
    return np.linspace(low, high, POINTS)


def _legend_above(axes: Any) -> None:
    axes.legend(loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=3, frameon=False)


def _labeled(axes: Any, x: str, y: str) -> Any:
    axes.set_xlabel(x)
    axes.set_ylabel(y)
    return axes
