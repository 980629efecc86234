"""Articles that tell one story: how they are grouped, and how the story went round."""
