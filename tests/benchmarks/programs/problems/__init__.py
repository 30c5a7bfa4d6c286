"""Programs of one function: at one point, over samples, and from a call to its result."""
