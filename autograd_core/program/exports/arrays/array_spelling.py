"""How each primitive is written in NumPy, JAX and PyTorch.

A row is an expression of its operands; what is more than that calls a short function of
`array_functions`. A test holds every row of the table against its forward.
"""

from __future__ import annotations

from autograd_core.program.exports.arrays.array_functions import for_library

__all__ = ["spellings"]

COMMON = {
    "add": "{x} + {y}",
    "sub": "{x} - {y}",
    "mul": "{x} * {y}",
    "div": "{x} / {y}",
    "neg": "-{x}",
    "square": "{x} * {x}",
    "one_minus_square": "(1.0 - {x}) * (1.0 + {x})",
    "reciprocal": "1.0 / {x}",
    "where": "np.where({condition} != 0, {x}, {y})",
    "less": "less({x}, {y})",
    "less_equal": "less_equal({x}, {y})",
    "relu": "np.where({x} <= 0, 0.0, {x})",
    "leaky_relu": "np.where({x} > 0, {x}, {slope} * {x})",
    "pow": "np.pow({x}, {y})",
    "rint": "np.round({x})",
    "atan2": "np.atan2({y}, {x})",
    "exp2": "np.pow(2.0, {x})",
    "log_sigmoid": "-softplus(-{x})",
    "softsign": "softsign({x})",
    "sinc": "sinc({x})",
    "gelu": "strong_product(normal_cdf({x}), {x})",
    "silu": "strong_product(sigmoid({x}), {x})",
}
OF_ONE = "abs sqrt exp expm1 log log1p log2 log10 sin cos tan asin acos atan sinh cosh tanh asinh acosh atanh sign floor ceil trunc"  # noqa: E501
COMMON |= {name: f"np.{name}({{x}})" for name in OF_ONE.split()}
COMMON |= {name: f"np.{name}({{x}}, {{y}})" for name in ("logaddexp", "maximum", "minimum")}
OWN_OF_ONE = (
    "cbrt erf erfc gaussian normal_pdf normal_cdf sigmoid sigmoid_rate softplus log_rate held"
)
COMMON |= {name: f"{name}({{x}})" for name in OWN_OF_ONE.split()}
OWN_OF_TWO = "mod floordiv hypot above exceeds strong_product share cosine power_rate power_log"
COMMON |= {name: f"{name}({{x}}, {{y}})" for name in OWN_OF_TWO.split()}
COMMON |= {
    "elu": "elu({x}, {alpha})",
    "clamp": "at_most(at_least({x}, {low}), {high})",
    "at_least": "at_least({x}, {bound})",
    "at_most": "at_most({x}, {bound})",
    "angle_rate": "angle_rate({y}, {x})",
}

OF_THE_LIBRARY = {
    "numpy": {"cbrt": "np.cbrt({x})", "hypot": "np.hypot({x}, {y})", "held": "{x}"},
    "jax": {
        "cbrt": "np.cbrt({x})",
        "sigmoid": "jax.nn.sigmoid({x})",
        "erf": "jax.lax.erf({x})",
        "log1p": "log1p({x})",
        "sinh": "sinh({x})",
        "cosh": "0.5 * (jnp.exp({x}) + jnp.exp(-{x}))",
        "atanh": "0.5 * (log1p({x}) - log1p(-{x}))",
        "held": "jax.lax.stop_gradient({x})",
    },
    "torch": {
        "hypot": "np.hypot({x}, {y})",
        "sigmoid": "np.sigmoid({x})",
        "erf": "np.erf({x})",
        "sign": "sign({x})",
        "held": "{x}.detach()",
    },
}


def spellings(library: str) -> dict[str, str]:
    """For "numpy", "jax" or "torch" each row's expression, with `{x}` and so on for operands."""
    every = COMMON | OF_THE_LIBRARY[library]
    return {name: for_library(library, text) for name, text in every.items()}
