from __future__ import annotations

import logging
import traceback
from typing import Any


class RedactingFormatter(logging.Formatter):
    """Says where an error happened and of which kind, and leaves out its message.

    PostgreSQL puts the whole row into the message of a constraint, and Python the value it could not read: an answer,
    or a person, would stand in the log.
    """

    def formatException(self, ei: Any) -> str:  # noqa: N802  # logging's name
        lines = []
        error: BaseException | None = ei[1]
        while error is not None:
            lines.append(f"{type(error).__module__}.{type(error).__qualname__}, raised here:")
            lines += [line.rstrip() for line in traceback.format_tb(error.__traceback__)]
            error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
        return "\n".join(lines)
