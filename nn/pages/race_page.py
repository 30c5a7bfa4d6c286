"""`explore_race`: the ways of several optimizers on one page, step by step beside one another."""

from __future__ import annotations

import html
from collections.abc import Mapping
from importlib.resources import files
from typing import Any

import numpy as np

from autograd_core import LivePage, record
from nn.options import got
from nn.problems import Problem

__all__ = ["explore_race"]

MOST = 6  # ways: as many marks, dashes and colors as are told apart
HEIGHT = 680  # pixels, in a notebook

BODY = """\
<style>.way { fill: none; stroke-width: 2; }</style>
<h1>$title</h1>
<div class="columns">
<div id="sliders"></div>
<div id="plot"></div>
<div id="said-and-hint"><div id="buttons" role="group" aria-label="Race"></div>
<div id="said" class="said"></div></div>
</div>"""


def explore_race(problem: Problem, ways: Mapping[str, Any], *, theme: str = "auto") -> LivePage:
    """A page on which up to six optimizers race over a problem's contours.

    The reader plays, pauses, goes step by step, or drags a slider; beside the picture stand the
    values that the points have reached, the lowest first. The ways are drawn as they are given,
    and end where they end. One file without a network: `.save("race.html")` writes it.

    Args:
        problem: one of `nn.problems`, which says its ranges itself.
        ways: by their names, what `nn.descent.descend` gives, or paths of points.
        theme: "auto" follows the reader's settings, "light" and "dark" do not.

    Raises TypeError for what is no problem, ValueError for other than one to six ways, for paths
    that are none of finite points in the plane, and for an unknown theme.

    >>> from nn import problems
    >>> explore_race(problems.rosenbrock, {"straight": [(-1.2, 1.0), (0.0, 1.0), (1.0, 1.0)]})
    <LivePage: A race on Rosenbrock; .save('page.html') writes it>
    """
    if not isinstance(problem, Problem):
        raise TypeError(f"explore_race() takes one of nn.problems; {got(problem)}")
    if not isinstance(ways, Mapping):
        raise TypeError(f"explore_race() takes the ways by their names, {got(ways)}")
    if not 1 <= len(ways) <= MOST:
        raise ValueError(f"explore_race() shows one to {MOST} ways; got {len(ways)}")
    title = f"A race on {problem.name}"
    data = {
        "inputs": [
            {"name": name, "low": low, "high": high}
            for name, (low, high) in zip(problem.names, (problem.x, problem.y), strict=True)
        ],
        "name": "f",
        "unit": "step",
        "ways": [{"name": name, "path": _points(name, way)} for name, way in ways.items()],
    }
    script = files("nn.pages").joinpath("race.js").read_text(encoding="utf-8")
    program = record(problem.function, *problem.start)
    return LivePage.composed(
        BODY.replace("$title", html.escape(title)),
        script,
        [{"value": program.to_javascript("value").script}],
        data,
        title=title,
        theme=theme,
        height=HEIGHT,
    )


def _points(name: str, way: Any) -> list[list[float]]:
    try:
        path = np.asarray(getattr(way, "path", way), dtype=float)
    except (TypeError, ValueError):
        raise TypeError(
            f"the way of {name!r} is no path: give a Descent or its points, {got(way)}"
        ) from None
    if path.ndim != 2 or path.shape[1] != 2 or not len(path) or not np.isfinite(path).all():
        raise ValueError(
            f"the way of {name!r} is no path of finite points in the plane; got an array of shape "
            f"{path.shape}"
        )
    points: list[list[float]] = path.tolist()
    return points
