"""Pure functions of a text: its sentences, its fingerprint, whether another is a copy of it."""
