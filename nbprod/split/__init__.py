"""The split: what serving repeats, what it reads from the state, what belongs to training."""
