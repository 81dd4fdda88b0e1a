"""The ledger of everything recorded: what a fact is, how entries hang together, and whether both still hold.

`docs/ledger.md` describes it for those who verify it with tools of their own.
"""
