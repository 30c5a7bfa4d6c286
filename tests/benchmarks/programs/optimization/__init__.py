"""Minimizers of others, driven by this engine's derivatives."""
