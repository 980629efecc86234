"""Scores of `dateline process` and of the peers on public benchmarks: `make eval`."""
