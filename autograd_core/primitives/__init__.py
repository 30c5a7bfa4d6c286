"""What a primitive is, what it computes and how it changes.

`table` joins them: a row's value is in `forward`, its partials in `rules`. Below `forward` stand
the elementary functions, `exponential`, `logarithm`, `powers`, `circular`, `inverses`, `polar` and
`error_function`, made of `libm`, `floating` and `rounding`; `scalar` is what a rule calls, whatever
it is given; `ieee` keeps Python's exceptions out of arithmetic; `translation` reads what lanes
compute too, and writes forward functions in C and JavaScript. Nothing here knows a graph. To be
read in the order `forward`, `rules`, `table`.
"""

from autograd_core.primitives.table import (
    BUILT_IN,
    LEAF,
    PRIMITIVES,
    ROWS,
    Primitive,
    kind_of,
    register,
)

__all__ = [
    "BUILT_IN",
    "LEAF",
    "PRIMITIVES",
    "ROWS",
    "Primitive",
    "kind_of",
    "register",
]
