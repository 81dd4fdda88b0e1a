"""What the decisions of many have in common, in figures that say nothing of any one of them.

`counting` asks the database, `suppression` says which numbers may be shown, `figures` puts them together, `tables` and
`over_time` have the words, `charts` the geometry. docs/decisions/0017 says what is shown, and why nothing more follows.
"""
