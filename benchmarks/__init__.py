"""Measurements beside the tests: commands, not part of the suite."""
