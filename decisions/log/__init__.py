"""The log as IG managers ask it and take it out: filters that an address says, rows, files."""
