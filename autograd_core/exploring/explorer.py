"""`explore`: a function of numbers on a page, with its graph, its slope and its gradient."""

from __future__ import annotations

import html
from collections.abc import Callable
from typing import Any

from autograd_core.drawing.folding.numbering import Numbered
from autograd_core.drawing.looks import RANKDIRS
from autograd_core.exploring.graph_picture import numbered_parts, picture_of
from autograd_core.exploring.page_frame import COLUMNS, LivePage, check_theme, page_of
from autograd_core.exploring.probe import probe_of, recorded
from autograd_core.exploring.sliders import arguments_of, name_of, own_ranges, sliders_of
from autograd_core.notation import TextNotation, composed, node_names, number_writer, written_size

__all__ = ["explore"]

_MOST_WRITTEN = 60  # signs of a formula that stands above a page
_HEIGHT = 640  # pixels in a notebook, beside the graph


def explore(
    function: Callable[..., Any],
    /,
    *,
    theme: str = "auto",
    rankdir: str = "LR",
    max_values: int | None = 100,
    timeout: float | None = 10.0,
    **ranges: Any,
) -> LivePage:
    """A page on which one moves a function's inputs and sees every number follow.

    It shows the graph with its values, local gradients and gradients; of one input the curve with
    its tangent, of two the contours with the gradient's arrow (of more, over the first two). It is
    one file without a network: `.save("f.html")` writes it, and in a notebook it shows itself.

    Args:
        function: of Values, one an input, that gives one number; it is recorded, so it chooses
            with `where` rather than `if`. One of `nn.problems` says its ranges itself.
        theme: "auto" follows the reader's settings, "light" and "dark" do not.
        rankdir: where the graph's arrows point: "LR", "RL", "TB" or "BT".
        max_values: the largest graph that is drawn, None for any.
        timeout: seconds that its layout may take, None for any time.
        ranges: each input's `(low, high)`, or `(low, high, start)`, by its name.

    Raises TypeError where ranges do not fit the function or it gives no single number, ValueError
    for an empty range or an unknown theme, RecordingError for a function that asks for a number,
    and what rendering the graph raises.

    >>> page = explore(lambda x, y: (x * y).tanh() + x**2, x=(-2, 2), y=(-1, 1, 0.5))
    >>> page
    <LivePage: f(x, y) = tanh(x · y) + x²; .save('page.html') writes it>
    """
    check_theme(theme)
    if rankdir not in RANKDIRS:
        raise ValueError(f"rankdir={rankdir!r} is unknown; expected one of {', '.join(RANKDIRS)}")
    given = ranges or own_ranges(function)
    sliders = sliders_of(arguments_of(function, given), given)
    starts = [slider.start for slider in sliders]
    program = recorded(function, starts)
    probe = probe_of(program, starts)
    drawn = max_values is None or len(probe.graph.values) <= max_values
    title = _title(function, program.names, probe.graph)
    tall = 0
    if drawn:
        picture, tall = picture_of(probe.graph, rankdir, timeout)
    else:
        picture = (
            f"<p>The graph of {len(probe.graph.values):,} values is too large to be drawn.</p>"
        )
    body = (
        f"<h1>{html.escape(title)}</h1>\n{COLUMNS}\n"
        f'<div id="graph" class="graph" tabindex="0" aria-label="Graph">{picture}</div>'
    )
    functions = {
        "value": program.to_javascript("value").script,
        "slopes": program.gradient(value=True).to_javascript("slopes").script,
    }
    if drawn:
        functions["numbers"] = probe.numbers.to_javascript("numbers").script
    data = {
        "sliders": [vars(slider) for slider in sliders],
        "name": name_of(function),
        "parts": numbered_parts(probe.graph) if drawn else None,
    }
    scripts = ["numbers.js", "plane.js", "explore.js"]
    return page_of(body, scripts, functions, data, title=title, theme=theme, height=_HEIGHT + tall)


def _title(function: Callable[..., Any], names: tuple[str, ...], graph: Numbered) -> str:
    head = f"{name_of(function)}({', '.join(names)})"
    if written_size(graph.values) > _MOST_WRITTEN:
        return head
    notation = TextNotation(number_writer(".4g"))
    return f"{head} = {composed(graph.values, node_names(graph.values), notation).text}"
