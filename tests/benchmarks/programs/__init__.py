"""Recorded programs beside their peers in the same run: `python -m tests.benchmarks.programs`."""
