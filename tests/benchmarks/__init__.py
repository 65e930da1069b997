"""Benchmarks: `python -m tests.benchmarks` measures erdgen beside others, as ratios."""
