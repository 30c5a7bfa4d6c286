"""The flat form of a program: single-assignment instructions in arrays of integers.

`flat` is what it is, `writer` makes it, `trace` makes it of a graph, `verifier` says whether it is
valid. It stands on the engine alone.
"""
