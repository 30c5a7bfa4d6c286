"""Trainings: epochs of networks by `fit`, beside PyTorch and JAX."""
