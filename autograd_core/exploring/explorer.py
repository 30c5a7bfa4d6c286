"""`explore`: a function of numbers on a page, with its graph, its slope and its gradient."""

from __future__ import annotations

import html
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from autograd_core.drawing.folding.numbering import Numbered
from autograd_core.drawing.looks import RANKDIRS
from autograd_core.exploring.graph_picture import numbered_parts, picture_of
from autograd_core.exploring.page_frame import COLUMNS, LivePage, check_theme, part
from autograd_core.exploring.probe import probe_of, recorded
from autograd_core.exploring.sliders import Slider, arguments_of, name_of, own_ranges, sliders_of
from autograd_core.given import checked_limit, choice, listed
from autograd_core.notation import TextNotation, composed, node_names, number_writer, written_size

__all__ = ["explore"]

_MOST_WRITTEN = 60  # signs of a formula that stands above a page
_HEIGHT = 640  # pixels in a notebook, beside the graph


def explore(
    function: Callable[..., Any] | Mapping[str, Callable[..., Any]],
    /,
    *,
    over: str | Sequence[str] | None = None,
    theme: str = "auto",
    rankdir: str = "LR",
    max_values: int | None = 100,
    timeout: float | None = 10.0,
    **ranges: Any,
) -> LivePage:
    """A page on which one moves a function's inputs and sees every number follow.

    It shows the graph with its values, local gradients and gradients; over one input the curve with
    its tangent, over two the contours with the gradient's arrow. It is one file without a network:
    `.save("f.html")` writes it, and in a notebook it shows itself.

    Args:
        function: of Values, one an input, that gives one number; it is recorded, so it chooses
            with `where` rather than `if`. One of `nn.problems` says its ranges itself. Of several,
            by their names and all of the same inputs, the reader chooses one.
        over: the one or two inputs that the picture is over; the first two unless given.
        theme: "auto" follows the reader's settings, "light" and "dark" do not.
        rankdir: where the graph's arrows point: "LR", "RL", "TB" or "BT".
        max_values: the largest graph that is drawn, None for any.
        timeout: seconds that its layout may take, None for any time.
        ranges: each input's `(low, high)`, or `(low, high, start)`, by its name.

    Raises TypeError where ranges do not fit the function or it gives no single number, ValueError
    for an empty range or an unknown theme or input, RecordingError for a function that asks for a
    number, and what rendering the graph raises.

    >>> page = explore(lambda x, y: (x * y).tanh() + x**2, x=(-2, 2), y=(-1, 1, 0.5))
    >>> page
    <LivePage: f(x, y) = tanh(x · y) + x²; .save('page.html') writes it>
    """
    check_theme(theme)
    choice(rankdir, "rankdir", RANKDIRS)
    checked_limit(max_values, "max_values")
    named = function if isinstance(function, Mapping) else {"": function}
    if not named:
        raise ValueError("explore() of no function: give one, or several by their names")
    views, sliders = [], []
    for place, one in enumerate(named.values()):
        given = ranges or own_ranges(one)
        sliders = sliders_of(arguments_of(one, given), given)
        prefix = f"g{place}-" if len(named) > 1 else ""
        views.append(_view(one, sliders, prefix, rankdir, max_values, timeout))
    first = views[0]
    data = {
        "sliders": [vars(slider) for slider in sliders],
        "over": _over(over, [slider.name for slider in sliders]),
        "views": [
            {"name": view.name, "title": view.title, "chosen": chosen, "parts": view.parts}
            for chosen, view in zip(named, views, strict=True)
        ],
    }
    box = '<div class="graph-box" tabindex="0" aria-label="Graph">'
    pictures = "\n".join(f"{box}{view.picture}</div>" for view in views)
    return LivePage.composed(
        f'<h1 id="title">{html.escape(first.title)}</h1>\n{COLUMNS}\n{pictures}',
        part("explore.js") + "whenColorsChange(explored(data, functions));\n",
        [view.functions for view in views],
        data,
        title=first.title,
        theme=theme,
        height=_HEIGHT + max(view.tall for view in views),
    )


class _View(NamedTuple):
    """One function of a page."""

    name: str
    title: str
    picture: str
    tall: int
    parts: dict[str, Any] | None
    functions: dict[str, str]


def _view(
    function: Callable[..., Any],
    sliders: list[Slider],
    prefix: str,
    rankdir: str,
    most: int | None,
    timeout: float | None,
) -> _View:
    starts = [slider.start for slider in sliders]
    program = recorded(function, starts)
    probe = probe_of(program, starts)
    functions = {
        "value": program.to_javascript("value").script,
        "slopes": program.gradient(value=True).to_javascript("slopes").script,
    }
    name, title = name_of(function), _title(function, program.names, probe.graph)
    count = len(probe.graph.values)
    if most is not None and count > most:
        picture = f"<p>The graph of {count:,} values is too large to be drawn.</p>"
        return _View(name, title, picture, 0, None, functions)
    functions["numbers"] = probe.numbers.to_javascript("numbers").script
    picture, tall = picture_of(probe.graph, prefix, rankdir, timeout)
    return _View(name, title, picture, tall, numbered_parts(probe.graph, prefix), functions)


def _over(over: str | Sequence[str] | None, names: list[str]) -> list[int]:
    """The places of the inputs that a picture is over."""
    if over is None:
        return [0, 1][: len(names)]
    asked = [over] if isinstance(over, str) else listed(over, "over", "one or two inputs' names")
    if (
        not 1 <= len(asked) <= 2
        or len(set(map(str, asked))) < len(asked)
        or any(one not in names for one in asked)
    ):
        raise ValueError(
            f"over={over!r} names no one or two of the inputs; expected any of {', '.join(names)}"
        )
    return [names.index(name) for name in asked]


def _title(function: Callable[..., Any], names: tuple[str, ...], graph: Numbered) -> str:
    head = f"{name_of(function)}({', '.join(names)})"
    chooses = any(value.op and value.primitive.chooses for value in graph.values)
    if chooses or written_size(graph.values) > _MOST_WRITTEN:  # a choice is another elsewhere
        return head
    notation = TextNotation(number_writer(".4g"))
    return f"{head} = {composed(graph.values, node_names(graph.values), notation).text}"
