"""DOT in, pixels and files out: Graphviz as WebAssembly, or a `dot` program where there is one.

`renderer` chooses; `wasm` and `dot_program` lay out, `rasterize` makes pixels, `image_file` writes.
It knows no graph.
"""
