"""The moment at which a run of the tests begins, whatever the machine's clock says."""

from __future__ import annotations

import datetime
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")

# A Wednesday before noon, in summer time, with no bank holiday near; later than every date that tests give a guide.
NOW = datetime.datetime(2028, 6, 14, 11, 30, tzinfo=LONDON)
