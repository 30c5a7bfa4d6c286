"""Programs as source for others: C in `c` and JavaScript in `javascript`, both number
by number (`scalars`), NumPy, PyTorch and JAX in `arrays`.

`exported` is what a user holds, whatever the language.
"""
