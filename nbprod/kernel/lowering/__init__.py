"""One small file an operation: how a pandas expression becomes an expression on numpy columns."""
