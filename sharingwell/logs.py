from __future__ import annotations

import logging
import traceback
from typing import Any


class RedactingFormatter(logging.Formatter):
    """Logs the types and tracebacks of an exception chain, without the messages.

    Messages may hold personal data: PostgreSQL puts the failing row into the message of a constraint, Python the value
    that it could not parse.
    """

    def formatException(self, ei: Any) -> str:  # noqa: N802  # logging's name
        lines = []
        seen: set[int] = set()  # a chain may lead back to itself
        error: BaseException | None = ei[1]
        while error is not None and id(error) not in seen:
            seen.add(id(error))
            lines.append(f"{type(error).__module__}.{type(error).__qualname__}, raised here:")
            lines += [line.rstrip() for line in traceback.format_tb(error.__traceback__)]
            error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
        return "\n".join(lines)
