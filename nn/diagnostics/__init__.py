"""What training does to a network: gradients by layer, deltas as the textbooks write, convexity."""

from nn.diagnostics.gradients import (
    LayerStatistics,
    Watch,
    activation_statistics,
    gradient_norms,
    layers_of,
)

__all__ = ["LayerStatistics", "Watch", "activation_statistics", "gradient_norms", "layers_of"]
