"""Finding the first operation that made a NaN or an infinity, and the line that asked for it.

`value` and `sweep` call these checks while `detect_anomaly()` is on, and never otherwise. The line
is the innermost one outside this package and `nn`.
"""

from __future__ import annotations

import math
import os
import sys
from typing import Any

from autograd_core.errors import AnomalyError

__all__ = ["check_backward", "check_forward", "user_line"]

_PACKAGE = os.path.dirname(os.path.abspath(__file__))
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


def check_backward(node: Any, cotangent: float) -> None:
    """Raise AnomalyError if a finite cotangent leaves this node as a NaN or an infinity."""
    if not math.isfinite(cotangent):
        return
    pairs = zip(node.parents, node.local_gradients, strict=True)
    for position, (parent, local) in enumerate(pairs):
        if not parent.constant and not math.isfinite(cotangent * local):
            made = node.origin or "unknown (it was made before detect_anomaly() was on)"
            raise AnomalyError(
                f"backward through {_called(node)} = {node.data!r}: the cotangent {cotangent!r} "
                f"times the local gradient {local!r} of operand {position} is "
                f"{cotangent * local!r}\n"
                f"  made at {made}"
            )


def _called(node: Any) -> str:
    shown = [repr(parent.data) for parent in node.parents]
    if len(shown) > 8:
        shown = [*shown[:4], f"... {len(shown) - 8} more ...", *shown[-4:]]
    return f"{node.op}({', '.join(shown)})"
