"""Makes the offline folder for Windows: `python -m bundle`, as `make bundle` runs it."""
