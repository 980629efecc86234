"""What tells a person how it goes: health of sources, quiet ones, numbers, one URL traced."""
