"""Models to draw, and what a drawing of them says, for the tests of large pictures."""

import re
from collections.abc import Sequence

from autograd_core.drawing import Drawing
from autograd_core.graph.value import Value
from nn import MLP


def mlp(sizes: Sequence[int] = (4, 4, 1), inputs: int = 2) -> tuple[MLP, Value]:
    """A model and its output, swept."""
    model = MLP(inputs, sizes, activation="tanh", seed=1)
    out = model([Value(0.5 - i, name=f"x{i}") for i in range(inputs)])
    out.name = "out"
    out.backward()
    return model, out


def chained(model: MLP, x: Sequence[Value]) -> Value:
    """The same model out of sums and products, as micrograd writes it."""
    for layer in model.layers:
        outputs = []
        for neuron in layer.neurons:
            total = neuron.b
            for weight, value in zip(neuron.w, x, strict=True):
                total = total + weight * value
            outputs.append(total if layer is model.layers[-1] else total.tanh())
        x = outputs
    return x[0]


def labels(drawing: Drawing) -> list[str]:
    """What the boxes say, line by line joined by spaces."""
    lines = (line for line in map(str, drawing.body) if re.match(r"\t+[vm]\w+ \[", line))
    found = [re.search(r'label=("(?:[^"])*"|\S+)', line) for line in lines]
    return [match[1].strip('"').replace("\\n", " ") for match in found if match]


def footer(drawing: Drawing) -> str:
    """The line that counts; the legend is the next."""
    return drawing.graph_attr.get("label", "").partition("\\l")[0]


def hidden(drawing: Drawing) -> list[int]:
    return [int(label.split()[0].replace(",", "")) for label in labels(drawing) if "more" in label]
