"""The short reference by which a decision is spoken of: on the phone, in an email, on paper. Pure."""

import secrets

# No vowels, so that it spells nothing; no 0, 1 or L, so that it survives being read aloud.
ALPHABET = "23456789BCDFGHJKMNPQRSTVWXZ"


def new_reference() -> str:
    """A reference as `SW-7K3M-Q9XD`: 27 to the power of 8, so that it can neither be guessed nor counted on from."""
    letters = "".join(secrets.choice(ALPHABET) for _ in range(8))
    return f"SW-{letters[:4]}-{letters[4:]}"
