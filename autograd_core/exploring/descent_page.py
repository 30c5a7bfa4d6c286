"""`explore_descent`: gradient descent with momentum on a page, its path, and what η and β do."""

from __future__ import annotations

import html
import math
from collections.abc import Callable
from typing import Any

from autograd_core.exploring.page_frame import COLUMNS, LivePage, check_theme, part
from autograd_core.exploring.probe import recorded
from autograd_core.exploring.sliders import (
    Slider,
    arguments_of,
    name_of,
    own_ranges,
    powers_of,
    slider_of,
    sliders_of,
)
from autograd_core.program import Program

__all__ = ["explore_descent"]

_HEIGHT = 1240  # pixels in a notebook
_AROUND = 2.0  # powers of ten of learning rates, below and above the first


def explore_descent(
    function: Callable[..., Any],
    /,
    *,
    learning_rate: Any = None,
    momentum: Any = (0.0, 0.99, 0.9),
    steps: Any = (0, 300, 100),
    theme: str = "auto",
    **ranges: Any,
) -> LivePage:
    """A page on which gradient descent is recomputed as one drags its start or moves η and β.

    It descends as `nn.optim.SGD` does, v ← βv + ∇f, w ← w - ηv, on a function of two inputs, over
    whose contours the path is drawn; a second picture shows what comes out for every η and β, and
    takes a click on one. It is one file without a network: `.save("descent.html")` writes it.

    Args:
        function: of two Values, that gives one number; or one of `nn.problems`, which says its
            ranges and its start itself.
        learning_rate: `(low, high)` or `(low, high, start)`, on a logarithmic slider; around the
            inverse of the largest curvature at the start unless given.
        momentum: the same of β, from 0 and below 1.
        steps: the same of the number of steps.
        theme: "auto" follows the reader's settings, "light" and "dark" do not.
        ranges: each input's `(low, high)`, or `(low, high, start)`, by its name.

    Raises TypeError where ranges do not fit the function, or it takes other than two inputs or
    gives no single number, ValueError for ranges that are empty or out of bounds or an unknown
    theme, and RecordingError for a function that asks for a number.

    >>> explore_descent(lambda a, b: (1 - a)**2 + 100*(b - a**2)**2, a=(-2, 2, -1.2), b=(-1, 3, 1))
    <LivePage: Descent on f(a, b); .save('page.html') writes it>
    """
    check_theme(theme)
    given = ranges or own_ranges(function)
    names = arguments_of(function, given)
    if len(names) != 2:
        raise TypeError(
            f"explore_descent() takes a function of two inputs, for its picture is a plane; this "
            f"one takes {len(names)} ({', '.join(names)})"
        )
    inputs = sliders_of(names, given)
    program = recorded(function, [slider.start for slider in inputs])
    rate = powers_of("η", learning_rate or _rates(program, inputs))
    beta = slider_of("β", momentum)
    if beta.low < 0 or beta.high >= 1:
        raise ValueError(f"momentum={momentum!r} is not in a range from 0 and below 1")
    count = slider_of("steps", steps)
    if count.low < 0 or not all(math.floor(x) == x for x in (count.low, count.high, count.start)):
        raise ValueError(f"steps={steps!r} is not a range of whole numbers from 0 up")
    count = Slider("steps", count.low, count.high, 1.0, count.start)
    title = f"Descent on {name_of(function)}({', '.join(names)})"
    body = (
        f"<h1>{html.escape(title)}</h1>\n{COLUMNS}\n"
        '<h2 id="phase-title"></h2>\n<div id="phase"></div>'
    )
    data = {
        "inputs": [vars(slider) for slider in inputs],
        "sliders": [vars(slider) for slider in (rate, beta, count)],
        "name": name_of(function),
    }
    functions = {
        "value": program.to_javascript("value").script,
        "slopes": program.gradient(value=True).to_javascript("slopes").script,
    }
    return LivePage.composed(
        body,
        part("descent.js"),
        [functions],
        data,
        title=title,
        theme=theme,
        height=_HEIGHT,
    )


def _rates(program: Program, inputs: list[Slider]) -> tuple[float, float, float]:
    """Learning rates around the inverse of the largest curvature at the start."""
    starts = [slider.start for slider in inputs]
    along = program.hvp()
    columns = [along(*starts, *direction)[1] for direction in ((1.0, 0.0), (0.0, 1.0))]
    (a, b), (_, c) = [[float(number) for number in column] for column in columns]
    largest = abs(a + c) / 2 + math.hypot((a - c) / 2, b)
    first = 1.0 / largest if math.isfinite(largest) and largest > 0 else 0.1
    power = round(math.log10(first), 1)
    return 10 ** (power - _AROUND), 10 ** (power + _AROUND), 10**power
