"""The itineraries: one file for each, and each reads on one screen."""
