"""Networks whose cost is that of their activation."""
