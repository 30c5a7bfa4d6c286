"""Graphs drawn: `draw` makes the picture of a value's graph, a `Drawing` shows and saves it.

The rooms, each importing only earlier ones: `wasm` and `dot_program` lay out, `rasterize` makes
pixels, `rendering` chooses among them, `image_file` writes files, `digraph` holds the `Drawing`,
`looks` and `labels` hold colors and words, `statements` says what is drawn, `picture` holds `draw`.
"""

from autograd_core.drawing.digraph import Drawing
from autograd_core.drawing.picture import draw

__all__ = ["Drawing", "draw"]
