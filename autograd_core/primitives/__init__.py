"""What a primitive is, what it computes and how it changes.

`table` joins them: a row's value is in `forward`, its partials in `rules`. Below `forward` stand
`libm`, `rounding` and `error_function`; `scalar` is what a rule calls, whatever it is given; `ieee`
keeps Python's exceptions out of arithmetic; `translation` writes forward functions in C. Nothing
here knows a graph. To be read in the order `forward`, `rules`, `table`.
"""

from autograd_core.primitives.table import (
    BUILT_IN,
    LEAF,
    PRIMITIVES,
    ROWS,
    Primitive,
    kind_of,
    lecture_sign,
    register,
)

__all__ = [
    "BUILT_IN",
    "LEAF",
    "PRIMITIVES",
    "ROWS",
    "Primitive",
    "kind_of",
    "lecture_sign",
    "register",
]
