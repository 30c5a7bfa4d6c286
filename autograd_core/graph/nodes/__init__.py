"""A node: what it holds, how it is made and computed with, where it lives.

To be read in the order `node`, `slabs`, `making`, `operators`; `switches` say what a thread or
task has on while nodes are made. It stands on `primitives` and, in its own folder, on numbers,
memory and the search for anomalies. `graph.value` makes a Value of it.
"""
