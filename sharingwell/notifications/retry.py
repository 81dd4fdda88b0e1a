"""When to try again what has failed: soon at first, then less and less often, for about a week.

What was refused for good is tried for less than an hour: refusals may be mistaken, too.
"""

from __future__ import annotations

import datetime

from procrastinate import BaseRetryStrategy, RetryDecision
from procrastinate.jobs import Job

from sharingwell.notifications.failures import is_permanent_failure

FIRST = datetime.timedelta(minutes=1)
LONGEST = datetime.timedelta(hours=2)
ATTEMPTS = 80
ATTEMPTS_IF_REFUSED = 4


def delay_after(attempts: int, error: BaseException) -> datetime.timedelta | None:
    """How long to wait after this error, where so many attempts had failed before; None to give up."""
    if attempts >= (ATTEMPTS_IF_REFUSED if is_permanent_failure(error) else ATTEMPTS):
        return None
    times: int = 3 ** min(attempts, 10)
    return min(FIRST * times, LONGEST)


class ExponentialBackoff(BaseRetryStrategy):
    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        delay = delay_after(job.attempts, exception)
        if delay is None:
            return None
        return RetryDecision(retry_at=datetime.datetime.now(datetime.UTC) + delay)
