"""The flow of a notebook: what every expression means for the rows of its tables."""
