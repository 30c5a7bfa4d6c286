"""Graphs drawn: `draw` makes a graph's picture, `animate` one to step through.

`rendering` turns DOT into pixels and files; `digraph` holds the `Drawing`, `looks` and `labels`
hold colors and words. `folding` makes a graph smaller or takes a part of it. `statements` draws
values and operations, `boxes` folded ones, `model` layers; `views` chooses among them, and
`picture` holds `draw`. `animation` follows a sweep step by step. It stands on `graph` and
`notation`.
"""

from autograd_core.drawing.animation.stepping import Animation, animate
from autograd_core.drawing.digraph import Drawing
from autograd_core.drawing.picture import draw

__all__ = ["Animation", "Drawing", "animate", "draw"]
