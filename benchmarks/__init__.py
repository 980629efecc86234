"""How fast, beside the floor and beside peers: `make bench`. See docs/benchmarks.md."""
