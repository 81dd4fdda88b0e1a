"""Catches the emails of `make run` and shows them at `/dev/mail/`. Not part of production."""
