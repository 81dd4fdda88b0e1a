"""Short references to decisions, for use on the phone, in email and on paper. Pure."""

import secrets

# No vowels, to avoid spelling words; no 0, 1 or L, to avoid confusion when read aloud.
ALPHABET = "23456789BCDFGHJKMNPQRSTVWXZ"


def new_reference() -> str:
    """Generates a random reference such as `SW-7K3M-Q9XD`: one of 27 to the power of 8, not sequential."""
    letters = "".join(secrets.choice(ALPHABET) for _ in range(8))
    return f"SW-{letters[:4]}-{letters[4:]}"
