"""The eager engine: nodes that remember how they were made, and the sweep back through them.

`nodes` are what a graph is made of, `value` is the node that people compute with, `sums` the nodes
of any number of operands, `sweep` the reverse pass in the order that `marks` finds. Around them:
`traversal` and `copying` of whole graphs, `modes`, `anomaly`, functions of Values, a user's own
primitives, arrays of Values. It stands on `primitives` alone. To be read in the order `value`,
`nodes`, `sweep`, `traversal`.
"""
