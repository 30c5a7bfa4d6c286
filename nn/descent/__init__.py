"""Descent as a way: every point that an optimizer comes through, line searches, SciPy's methods.

`descending` steps and keeps the path, `line_search` looks before it steps, `scipy_methods` hands
functions of Values to SciPy.
"""

from nn.descent.descending import Descent, descend, gradient_descent
from nn.descent.line_search import GradientDescent, LineSearch
from nn.descent.scipy_methods import minimize

__all__ = ["Descent", "GradientDescent", "LineSearch", "descend", "gradient_descent", "minimize"]
