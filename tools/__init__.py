"""What `course.py` and maintainers run, and what tests and benchmarks share."""
