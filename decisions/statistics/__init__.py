"""Statistics across decisions, with statistical disclosure control.

`counts` queries the database, `suppression` hides small numbers, `figures` combines the results, `tables` and `trends`
word them, `charts` computes the geometry. See docs/decisions/0017.
"""
