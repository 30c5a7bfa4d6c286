"""Derivatives of functions and of finished graphs, in both modes and to any order.

`differentiation` goes through a graph, `functional` through the function that leaves one,
`structures` through what the arguments are made of; `gradcheck` compares with `differences`. It
stands on `graph`. To be read in the order `differentiation`, `functional`.
"""
