"""Backs up and restores the whole database: `manage.py backup` and `manage.py restore`.

A backup is a folder with a dump by `pg_dump` and a manifest. `restore` checks both before it changes anything.
"""
