"""Functions that generated packages carry with them, one file each."""
