"""The ledger of recorded facts: canonical form, hash chain and verification. Described in `docs/ledger.md`."""
