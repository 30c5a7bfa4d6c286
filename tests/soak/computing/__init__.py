"""Whether what the engine computes is right: values, gradients and higher orders, on any path."""
