"""The page that one steps through: a picture, its steps and a small script in one HTML file.

It needs no network and nothing beside it. The script, the style and the frame lie in `page/`; this
module fills them in. What the picture and the steps are is `scene`'s.
"""

import html
import json
from collections.abc import Sequence
from copy import deepcopy
from importlib.resources import files
from string import Template
from xml.etree import ElementTree

from autograd_core.drawing.animation.scene import Scene
from autograd_core.drawing.animation.sweep_steps import SweepStep
from autograd_core.drawing.looks import Theme

__all__ = ["in_frame", "page_of", "titles_of"]

_TITLES = {"start": "Start", "forward": "Forward pass", "reverse": "Reverse sweep", "end": "Result"}
_SMALLEST, _LARGEST = 0.6, 1.4  # how far the picture shrinks and grows with the window
_AROUND_PICTURE = 330  # pixels: heading, controls and caption


def titles_of(steps: Sequence[SweepStep]) -> list[str]:
    """What is written over each step: the pass it belongs to, and how far that is."""
    totals: dict[str, int] = {}
    places = []
    for step in steps:
        totals[step.phase] = totals.get(step.phase, 0) + 1
        places.append(totals[step.phase])
    return [
        _TITLES[step.phase]
        + (f", {place} of {totals[step.phase]}" if totals[step.phase] > 1 else "")
        for step, place in zip(steps, places, strict=True)
    ]


def page_of(
    scene: Scene, steps: Sequence[SweepStep], *, title: str, theme: Theme, interval: float
) -> str:
    """The whole page; `interval` is the time between steps that play by themselves, in seconds."""
    told = [
        {"title": heading, "lines": step.lines, "changes": changes, "focus": focus}
        for heading, step, changes, focus in zip(
            titles_of(steps), steps, scene.changes, scene.focus, strict=True
        )
    ]
    data = json.dumps(
        {"interval": round(interval * 1000), "steps": told}, ensure_ascii=False, allow_nan=False
    )
    colors = {
        "scheme": theme.name, "ground": theme.ground, "text": theme.text, "faint": theme.faint_text,
        "line": theme.line, "panel": theme.panel, "frame": theme.frame, "focus": theme.focus,
    }  # fmt: skip
    return Template(_part("stepping.html")).substitute(
        title=html.escape(title),
        colors=" ".join(f"--{name}: {color};" for name, color in colors.items()),
        style=_part("stepping.css"),
        last=len(steps) - 1,
        picture=_picture(scene, title),
        # In a script element only "<" could end the element or begin a comment.
        steps=data.replace("<", "\\u003c"),
        script=_part("stepping.js"),
    )


def _picture(scene: Scene, title: str) -> str:
    svg = deepcopy(scene.svg)
    width = scene.pixels[0]
    for attribute in ("width", "height"):
        svg.attrib.pop(attribute, None)
    least, most = round(width * _SMALLEST), round(width * _LARGEST)
    svg.set("style", f"width: min(100%, {most}px); min-width: {least}px; height: auto")
    svg.set("role", "img")
    svg.set("aria-label", f"Computational graph. {title}")
    return ElementTree.tostring(svg, encoding="unicode")


def _part(name: str) -> str:
    return (
        files("autograd_core.drawing.animation").joinpath("page", name).read_text(encoding="utf-8")
    )


def in_frame(page: str, scene: Scene, title: str) -> str:
    """The page inside another, such as a notebook, whose names and styles it must not meet."""
    height = round(scene.pixels[1] * _LARGEST) + _AROUND_PICTURE
    return (
        f'<iframe srcdoc="{html.escape(page)}" title="{html.escape(title)}" '
        f'sandbox="allow-scripts" style="width: 100%; height: {height}px; border: 0"></iframe>'
    )
