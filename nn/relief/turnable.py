"""A surface as a page on which one turns it.

The script draws what it is given here; no number is computed in the page but where it is shown.
"""

from __future__ import annotations

import html
from collections.abc import Mapping
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from autograd_core import LivePage

__all__ = ["turnable_page"]

Array = NDArray[np.float64]
HEIGHT = 580  # pixels, in a notebook
BODY = """\
<style>
#view { display: block; width: 100%; touch-action: none; cursor: grab; }
</style>
<h1>$title</h1>
<canvas id="view" tabindex="0" role="img" aria-label="$title"></canvas>
<ul id="names" class="names"></ul>
<p class="hint">Drag, or press the arrow keys, to turn; 0 turns back. A ring is a start, a star an
end.</p>"""


def turnable_page(
    x: Array, y: Array, height: Array, paths: Mapping[str, Array], labels: tuple[str, str, str]
) -> LivePage:
    """A page with a surface to turn, and paths on it."""
    seen = {
        "x": _shortened(x),
        "y": _shortened(y),
        "height": [_shortened(row) for row in height],
        "paths": {name: [_shortened(point) for point in way] for name, way in paths.items()},
        "labels": labels,
    }
    title = f"{labels[2]} over {labels[0]} and {labels[1]}, a surface to turn"
    body = BODY.replace("$title", html.escape(title))
    script = files("nn.relief").joinpath("turnable.js").read_text(encoding="utf-8")
    return LivePage.composed(body, script, [], seen, title=title, theme="auto", height=HEIGHT)


def _shortened(numbers: Array) -> list[float | None]:
    """Numbers with the digits that a picture shows; JSON has none that is not finite."""
    return [float(f"{number:.5g}") if np.isfinite(number) else None for number in numbers]
