"""Room for the frames of calls within calls.

Python 3.11 and 3.12 keep frames in pieces of 16 KB, and give a piece back to the system as soon as the call that began
it returns (gh-142183). A loop that calls across such a border asks for the piece and loses it each time. Under pytest
the product is called from so deep down that this took up to a tenth of the time.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

FRAME = 40_000  # values: 320 KB. Python takes a piece of 512 KB for it; the rest is for the calls within


def call_with_room(function: Callable[..., Any], **arguments: Any) -> Any:
    """Call it from a frame so large that one piece with it holds the frames of all calls within, for the time."""
    return function(**arguments)


call_with_room.__code__ = call_with_room.__code__.replace(co_stacksize=FRAME)
