"""Exponential backoff for failed jobs: from a minute to two hours between attempts, for about a week.

Permanent failures are retried for less than an hour, as servers report some of them by mistake.
"""

from __future__ import annotations

import datetime

from procrastinate import BaseRetryStrategy, RetryDecision
from procrastinate.jobs import Job

from sharingwell.notifications.failures import is_permanent_failure

FIRST_DELAY = datetime.timedelta(minutes=1)
MAX_DELAY = datetime.timedelta(hours=2)
MAX_ATTEMPTS = 80
MAX_ATTEMPTS_IF_PERMANENT = 4


def delay_after(attempts: int, error: BaseException) -> datetime.timedelta | None:
    """Time to wait after this error and so many earlier failures; None to stop retrying."""
    if attempts >= (MAX_ATTEMPTS_IF_PERMANENT if is_permanent_failure(error) else MAX_ATTEMPTS):
        return None
    factor: int = 3 ** min(attempts, 10)
    return min(FIRST_DELAY * factor, MAX_DELAY)


class ExponentialBackoff(BaseRetryStrategy):
    """Retry strategy of procrastinate by `delay_after`."""

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        delay = delay_after(job.attempts, exception)
        if delay is None:
            return None
        return RetryDecision(retry_at=datetime.datetime.now(datetime.UTC) + delay)
