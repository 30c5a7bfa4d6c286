"""Programs as source for others: C in `c`, NumPy, PyTorch and JAX in `arrays`.

`exported` is what a user holds, whatever the language.
"""
