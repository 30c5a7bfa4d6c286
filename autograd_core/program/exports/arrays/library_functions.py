"""The short functions that are a library's own: what it lacks, or computes to fewer digits.

`single` and `rounded` are what `array_functions` needs of each.
"""

from __future__ import annotations

__all__ = ["OF_THE_LIBRARY"]

OF_THE_LIBRARY = {
    "numpy": '''\
def erf(x):
    """The error function, number by number."""
    return numpy.vectorize(math.erf, otypes=[float])(x)


def erfc(x):
    """The complementary error function, number by number."""
    return numpy.vectorize(math.erfc, otypes=[float])(x)


def single(x):
    """The leading digits, few enough that their product has no error."""
    return x.astype(numpy.float32).astype(x.dtype)


def rounded(x):
    """x itself."""
    return x
''',
    "jax": '''\
def erfc(x):
    """The complementary error function, made up for the square that JAX's rounds inside."""
    far = (x > 1.0) & (x < 40.0)
    out = jax.lax.erfc(x)
    return out - out * square_error(jnp.where(far, x, 0.0))


def log1p(x):
    """log(1 + x); JAX's own has but 46 bits where x is negative."""
    total = rounded(1.0 + x)
    inside = (total > 0) & jnp.isfinite(total)
    lost = jnp.where(inside, x - (total - 1.0), 0.0)
    return jnp.log(total) + lost / jnp.where(inside, total, 1.0)


def sinh(x):
    """The hyperbolic sine."""
    small = jnp.abs(x) < 1.0
    near = jnp.expm1(jnp.where(small, x, 0.0))
    far = jnp.where(small, 1.0, x)
    return jnp.where(
        small, 0.5 * (near + near / (near + 1.0)), 0.5 * (jnp.exp(far) - jnp.exp(-far))
    )


def strong_dots(c, p):
    """c @ p.T of strong products; only p is asked, which under vmap is the same for all samples."""
    return jax.lax.cond(
        (jnp.isfinite(p) & (p != 0)).all(),
        lambda: c @ p.T,
        lambda: strong_product(c[..., None, :], p).sum(-1),
    )


def single(x):
    """The leading digits, few enough that their product has no error."""
    return x.astype(jnp.float32).astype(x.dtype)


def rounded(x):
    """x as it is rounded: XLA takes (1 + x) - 1 for x where nothing stands between."""
    return jax.lax.optimization_barrier(x)
''',
    "torch": '''\
def sign(x):
    """The sign; NaN of NaN."""
    return torch.where(x != x, x, torch.sign(x))


def erfc(x):
    """The complementary error function."""
    return torch.special.erfc(x)


def single(x):
    """The leading digits, few enough that their product has no error."""
    return x.to(torch.float32).to(x.dtype)


def rounded(x):
    """x itself."""
    return x
''',
}
