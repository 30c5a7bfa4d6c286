"""Graphs drawn: `draw` makes a graph's picture, `animate` one to step through.

The rooms, each importing only earlier ones: `wasm` and `dot_program` lay out, `rasterize` makes
pixels, `rendering` chooses among them, `image_file` writes files, `digraph` holds the `Drawing`,
`looks` and `labels` hold colors and words. `numbering` turns a graph into numbers, `folding` (by
`parameter_paths`), `layers` and `flows` make it smaller, `selection` takes a part; `statements`
draws values and operations, `boxes` folded ones, `model` layers; `views` chooses among them, and
`picture` holds `draw`. `sweep_steps` follows the sweep, `scene` lays it out, `stepping_page` and
`frames` show it, and `stepping` holds `animate`.
"""

from autograd_core.drawing.digraph import Drawing
from autograd_core.drawing.picture import draw
from autograd_core.drawing.stepping import Animation, animate

__all__ = ["Animation", "Drawing", "animate", "draw"]
