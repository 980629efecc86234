"""Sample digests and the small news site that their links point to; all of it is ours, and fiction."""
