"""Whether the engine holds up: broken off, crowded, given nonsense, at any size, for any time."""
