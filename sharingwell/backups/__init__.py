"""Backups of the whole database, and the way back: `manage.py backup` and `manage.py restore`.

A backup is a folder: what `pg_dump` wrote, and a manifest that says what it is, so that whatever else is given to
`restore` is refused before anything is touched.
"""
