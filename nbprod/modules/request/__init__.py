"""Packages whose answers come from a function that the notebook defines in a ``predict`` cell."""
