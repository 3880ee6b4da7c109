def as_categories(data: Any, categories: Any) -> Any:
    """Cast columns (or one series) to the categories seen in training; unseen values become missing."""
    if isinstance(categories, dict):
        return data.astype(categories)
    return pd.Series(data).astype(categories)
