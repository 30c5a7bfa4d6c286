"""Where a neuron and its layer stand in a model, read from its parameters' names.

`layers.0.neurons.3.weights.1` and `layers.0.neurons.3.bias` belong to the neuron
`layers.0.neurons.3` of the layer `layers.0`. Nothing but names is known here, so that any library
that names parameters by their place is understood, `nn` and PyTorch's manner alike.
"""

from functools import lru_cache

__all__ = ["is_parameter_name", "neuron_and_layer", "opens"]

_LONE = ("bias", "weight")
_ROOT_LAYER = "layer"


def is_parameter_name(name: str | None) -> bool:
    """Whether a leaf's name is a place in a model.

    >>> [is_parameter_name(name) for name in ("weights.1", "layers.0.bias", "bias", "x", None)]
    [True, True, True, False, False]
    """
    return name is not None and (name in _LONE or ("." in name and all(name.split("."))))


@lru_cache(maxsize=4096)  # the same neuron is met again for every sample
def neuron_and_layer(names: tuple[str, ...]) -> tuple[str, str] | None:
    """The paths of the neuron and of the layer that the parameters of one weighted sum stand in.

    None where they share no place. A path may serve both where a layer keeps its weights in a
    table.

    >>> neuron_and_layer(("layers.0.neurons.3.weights.0", "layers.0.neurons.3.bias"))
    ('layers.0.neurons.3', 'layers.0')
    >>> neuron_and_layer(("hidden.weight.3.0", "hidden.weight.3.1", "hidden.bias.3"))
    ('hidden', 'hidden')
    """
    paths = [name.split(".") for name in names]
    shared = [path[:-1] for path in paths]
    if not shared:
        return None
    common = shared[0]
    for path in shared[1:]:
        length = next(
            (i for i, pair in enumerate(zip(common, path, strict=False)) if pair[0] != pair[1]),
            min(len(common), len(path)),
        )
        common = common[:length]
    depth = max(len(path) for path in paths) - len(common)
    if depth == 1 and common and not common[-1].isdigit() and paths[0][-1].isdigit():
        common, depth = common[:-1], 2  # weights without a bias: weights.0, weights.1
    table = depth == 3 and all(path[-1].isdigit() for path in paths if len(path) > len(common) + 1)
    if depth > 3 or (depth == 3 and not table):
        return None  # parameters of many neurons
    if not common:
        return None
    neuron = ".".join(common)
    if depth < 3 and len(common) >= 2 and common[-1].isdigit():
        return neuron, ".".join(common[:-2]) or _ROOT_LAYER
    return neuron, neuron


def opens(wanted: str, path: str) -> bool:
    """Whether someone who wants to see `wanted` must see inside `path`.

    >>> opens("layers.0.neurons.3", "layers.0"), opens("layers.0", "layers.0.neurons.3")
    (True, False)
    """
    return wanted == path or wanted.startswith(path + ".")
