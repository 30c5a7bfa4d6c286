"""Pages on which a function is explored: sliders for its inputs, all numbers recomputed at once.

What computes in a page is the function's program as JavaScript, so a page needs neither Python nor
a network. `sliders` says what is moved, `probe` makes the program that gives every number,
`graph_picture` the graph to write them into, `page_frame` what all pages share; `explorer` is a
function's page, `descent_page` that of a descent on one, and on `typed_page` one types a function,
computed by the operations in `page_operations`.
"""

from autograd_core.exploring.descent_page import explore_descent
from autograd_core.exploring.explorer import explore
from autograd_core.exploring.page_frame import LivePage
from autograd_core.exploring.typed_page import explore_expression

__all__ = ["LivePage", "explore", "explore_descent", "explore_expression"]
