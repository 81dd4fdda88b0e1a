"""When to try again what has failed: soon at first, then less and less often, for about a week."""

from __future__ import annotations

import datetime

from procrastinate import BaseRetryStrategy, RetryDecision
from procrastinate.jobs import Job

FIRST = datetime.timedelta(minutes=1)
LONGEST = datetime.timedelta(hours=2)
ATTEMPTS = 80


def delay_after(attempts: int) -> datetime.timedelta | None:
    """How long to wait after so many attempts that had failed before this one; None to give up."""
    if attempts >= ATTEMPTS:
        return None
    times: int = 3 ** min(attempts, 10)
    return min(FIRST * times, LONGEST)


class GrowingDelays(BaseRetryStrategy):
    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        delay = delay_after(job.attempts)
        if delay is None:
            return None
        return RetryDecision(retry_at=datetime.datetime.now(datetime.UTC) + delay)
