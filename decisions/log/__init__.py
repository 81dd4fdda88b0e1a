"""The log for IG managers: filters from query parameters, rows, exported files."""
