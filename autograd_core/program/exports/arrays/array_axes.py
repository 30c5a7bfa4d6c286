"""What an exported function does with axes, as source: arguments in, vectors joined and shaped."""

from __future__ import annotations

__all__ = ["AXES"]

ROWS = '''\
def rows(count, *runs):
    """Indices row by row: of each run (start, length, step from row to row)."""
    each = numpy.arange(count)[:, None]
    return numpy.hstack([s + numpy.arange(n) + step * each for s, n, step in runs]).reshape(-1)
'''

AXES = {
    "numpy": ROWS
    + '''

def samples(x, *shape):
    """An argument with one vector a sample; the samples' axes stay in front."""
    x = numpy.asarray(x, dtype=float)
    axes = x.ndim - len(shape)
    if axes < 0 or x.shape[axes:] != shape:
        raise ValueError(f"a sample has the shape {shape}, got an array of shape {x.shape}")
    return x.reshape(*x.shape[:axes], math.prod(shape))


def spread(x, batch):
    """What is the same for some samples, for each of them."""
    return numpy.broadcast_to(x, (*batch, x.shape[-1])).copy()


def joined(rank, *parts):
    """Arrays of so many axes, those of samples not counted, one after another."""
    batch = numpy.broadcast_shapes(*(part.shape[:-rank] for part in parts))
    spread = [numpy.broadcast_to(part, batch + part.shape[-rank:]) for part in parts]
    return numpy.concatenate(spread, axis=-1)


def shaped(x, *shape):
    """A vector, beside the samples' axes, in another shape."""
    return x.reshape(*x.shape[:-1], *shape)


def flat(x, rank):
    """The last axes as one."""
    return x.reshape(*x.shape[:-rank], math.prod(x.shape[-rank:]))
''',
    "jax": ROWS,
    "torch": ROWS
    + '''

def samples(x, *shape):
    """An argument with one vector a sample; the samples' axes stay in front."""
    if not isinstance(x, torch.Tensor):
        given = f"got {x!r:.60} of type {type(x).__name__}"
        instead = "give torch.as_tensor(x, dtype=torch.float64)"
        raise TypeError(f"arguments are tensors, {given}; {instead}")
    axes = x.ndim - len(shape)
    if axes < 0 or x.shape[axes:] != shape:
        raise ValueError(f"a sample has the shape {shape}, got a tensor of shape {tuple(x.shape)}")
    return x.reshape(*x.shape[:axes], math.prod(shape))


def spread(x, batch):
    """What is the same for some samples, for each of them."""
    return x.expand(*batch, x.shape[-1])


def joined(rank, *parts):
    """Tensors of so many axes, those of samples not counted, one after another."""
    batch = torch.broadcast_shapes(*(part.shape[:-rank] for part in parts))
    return torch.cat([part.expand(batch + part.shape[-rank:]) for part in parts], -1)


def shaped(x, *shape):
    """A vector, beside the samples' axes, in another shape."""
    return x.unflatten(-1, shape)


def flat(x, rank):
    """The last axes as one."""
    return x.flatten(-rank)
''',
}
"""For each library the functions, as their source."""
