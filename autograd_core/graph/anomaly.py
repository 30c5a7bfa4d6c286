"""Finding the first operation that made a NaN or an infinity, and the line that asked for it.

`value` and `sweep` call these checks while `detect_anomaly()` is on, and never otherwise. The line
is the innermost one outside this package and `nn`.
"""

from __future__ import annotations

import math
import os
import sys
from collections.abc import Sequence
from typing import Any

from autograd_core.errors import AnomalyError

__all__ = ["check_cotangent", "check_flow", "check_forward", "user_line"]

_PACKAGE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
_OURS = (_PACKAGE + os.sep, os.path.join(os.path.dirname(_PACKAGE), "nn") + os.sep)


def user_line() -> str:
    """`file:line in function` of the innermost frame that is the user's."""
    frame = sys._getframe(0)
    while frame.f_back is not None and _is_ours(frame.f_code.co_filename):
        frame = frame.f_back
    code = frame.f_code
    return f"{code.co_filename}:{frame.f_lineno} in {code.co_name}"


def _is_ours(filename: str) -> bool:
    # Compiled modules name their source relative to the root of the build.
    return os.path.join(os.path.dirname(_PACKAGE), filename).startswith(_OURS)


def check_forward(node: Any) -> None:
    """Raise AnomalyError if the node's value is no finite number though its operands are."""
    if math.isfinite(node.data) or not all(math.isfinite(p.data) for p in node.parents):
        return
    raise AnomalyError(
        f"{_called(node)} = {node.data!r}: the first operation of the forward pass without a "
        f"finite value\n  at {node.origin}"
    )


def check_cotangent(node: Any, cotangent: float) -> None:
    """`check_flow` of what flows back from a node, the same to all its operands."""
    check_flow(node, [cotangent] * len(node.parents), "cotangent")


def check_flow(node: Any, flowing: Sequence[float | None], what: str) -> None:
    """Raise AnomalyError if what is finite turns NaN or infinite here, or the rule of zeros acts.

    `flowing` has a cotangent or tangent for each operand, None where nobody asks. The rule gives 0
    where a zero meets a factor that is not finite: meant for a branch not taken, and wrong where
    the function itself has another limit, as sqrt(x)**2 has at 0.
    """
    triples = zip(node.parents, node.local_gradients, flowing, strict=True)
    for position, (parent, local, number) in enumerate(triples):
        if number is None or parent.constant:
            continue
        product = number * local
        if math.isfinite(product) or not (math.isfinite(number) or local == 0):
            continue
        by_rule = number == 0 or local == 0
        raise AnomalyError(
            f"{'backward' if what == 'cotangent' else 'forward'} through {_called(node)} = "
            f"{node.data!r}: the {what} {number!r} times the local gradient {local!r} of operand "
            f"{position} is "
            + (
                "taken for 0, as a factor of zero wins over one that is not finite; if the branch "
                "is not one put aside on purpose, the derivative may be another one"
                if by_rule
                else repr(product)
            )
            + f"\n  made at {node.origin or 'unknown (it was made before detect_anomaly() was on)'}"
        )


def _called(node: Any) -> str:
    shown = [repr(parent.data) for parent in node.parents]
    if len(shown) > 8:
        shown = [*shown[:4], f"... {len(shown) - 8} more ...", *shown[-4:]]
    return f"{node.op}({', '.join(shown)})"
