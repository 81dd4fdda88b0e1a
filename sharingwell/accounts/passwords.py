"""Strength of passwords. Named in settings; Django loads it, so nothing else imports it."""

from __future__ import annotations

import re

from django.core.exceptions import ValidationError
from zxcvbn import zxcvbn

from sharingwell.accounts.models import User

GUESSES = 10**10  # that a password must withstand: zxcvbn's highest score
MEASURED = 72  # characters: zxcvbn measures no more, and its work grows with the square
OF_THE_PRODUCT = "sharing well"
WORD = re.compile(r"[^\W_]{3,}")


class StrengthValidator:
    """Refuses passwords that are soon guessed, by whoever knows the person, their organisation and this product."""

    def validate(self, password: str, user: User | None = None) -> None:
        known = sorted(_known_words(user), key=len, reverse=True)
        left = re.sub("|".join(map(re.escape, known)), "", password, flags=re.IGNORECASE)
        for measured in (password, left):
            if not measured.strip() or zxcvbn(measured[:MEASURED], user_inputs=known)["guesses"] < GUESSES:
                raise ValidationError(
                    "This password is easy to guess. Use three or more words that have nothing to do with each other.",
                    code="password_easy_to_guess",
                )

    def get_help_text(self) -> str:
        return "Use three or more words that have nothing to do with each other."


def _known_words(user: User | None) -> set[str]:
    """Words that somebody who guesses would try first, in lower case."""
    texts = [OF_THE_PRODUCT]
    if user is not None:
        texts += [user.email, user.name, user.job_title]
        texts += [user.team.name, user.team.organisation.name] if user.team else []
    return {word.lower() for text in texts for word in WORD.findall(text)}
