"""`explore_expression`: a page on which one types an expression and moves its inputs."""

from __future__ import annotations

from typing import Any

from autograd_core.exploring.page_frame import COLUMNS, LivePage, check_theme, part
from autograd_core.exploring.page_operations import callable_functions, glyphs, operations
from autograd_core.exploring.sliders import slider_of
from autograd_core.given import got

__all__ = ["explore_expression"]

_HEIGHT = 1360  # pixels in a notebook
_MOST = 100  # values of a graph that is drawn
EXAMPLES = (
    "(x + y) * z",
    "a + a",
    "q = x**2; q**2",
    "sin(x) * exp(-x**2 / 4)",
    "sigmoid(w*x + b)",
    "where(x > 0, x, 0.1 * x)",
)
BODY = f"""\
<div class="typing">
<h1><label for="expression">Type an expression: <span id="title"></span></label></h1>
<input id="expression" type="text" spellcheck="false" autocapitalize="off" autocomplete="off"
 aria-describedby="trouble">
<p id="trouble" role="status" aria-live="polite"></p>
<div id="examples" role="group" aria-label="Examples"></div>
<details><summary>What can be typed</summary>
<p>Numbers, names, + - * / // % **, parentheses, and <span id="functions"></span>. A part gets a
name in front: <code>q = x + y; q * z</code>. The condition of <code>where</code> is a comparison:
<code>where(x &gt; 0, x, -x)</code>.</p></details>
</div>
<div id="answer">
<div class="graph-box" tabindex="0" aria-label="Graph" id="typed-graph"></div>
{COLUMNS}
</div>"""


def explore_expression(
    expression: str = "(x + y) * z", /, *, theme: str = "auto", **ranges: Any
) -> LivePage:
    """A page on which one types an expression, and sees its graph with all its numbers at once.

    It is read and computed in the page, by the table's functions and nothing else, with a slider
    for every variable; what cannot be read is said in one line, with its place. One file without a
    network: `.save("expression.html")` writes it.

    Args:
        expression: what stands there at first, as Python writes it; `q = x + y; q * z` names a
            part. What cannot be read the page says.
        theme: "auto" follows the reader's settings, "light" and "dark" do not.
        ranges: `(low, high)` or `(low, high, start)` of variables by their names, also of such as
            are only typed later; from -5 to 5 unless given.

    Raises TypeError for what is no text or no range, ValueError for an empty range or an unknown
    theme.

    >>> explore_expression("(x + y) * z", x=(-5, 5, -2), y=(-5, 5, 5), z=(-5, 5, -4))
    <LivePage: Type an expression; .save('page.html') writes it>
    """
    check_theme(theme)
    if not isinstance(expression, str):
        raise TypeError(
            f"explore_expression() takes the text of an expression, {got(expression)}: a function "
            "is explored by explore()"
        )
    data = {
        "text": expression,
        "ranges": {name: vars(slider_of(name, given)) for name, given in ranges.items()},
        "examples": EXAMPLES,
        "callable": callable_functions(),
        "glyphs": glyphs(),
        "most": _MOST,
    }
    script = "\n".join(
        part(name) for name in ("explore.js", "expression.js", "layout.js", "typed.js")
    )
    return LivePage.composed(
        BODY,
        script,
        [{"operations": operations()}],
        data,
        title="Type an expression",
        theme=theme,
        height=_HEIGHT,
    )
