"""Run a notebook top to bottom and record what it hands to its models."""
