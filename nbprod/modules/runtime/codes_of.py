def codes_of(values: Any, known: pd.Index) -> np.ndarray:
    """Return the position of each value in ``known``, -1 for a value training never met, (n rows,)."""
    return known.get_indexer(pd.Index(values))
