def predict_rows(method: Any, rows: Any) -> Any:
    """Call an estimator on the selected rows; no rows give no answers instead of an error."""
    if len(rows) == 0:
        return np.empty(0)
    return method(rows)
