"""What maintainers run, and what tests and benchmarks share."""
