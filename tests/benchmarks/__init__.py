"""What the engine costs, beside its peers in the same run: `python -m tests.benchmarks`."""
