from __future__ import annotations

import resource

from tests.room import call_with_room

DEPTHS = 300  # calls within calls, more than a piece of 16 KB holds
TIMES = 100


def call(depth: int) -> None:
    if depth:
        call(depth=depth - 1)
        return
    for _ in range(TIMES):
        nothing()


def nothing() -> None:
    pass


def new_pages() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt


def from_every_depth() -> None:
    for depth in range(DEPTHS):
        call(depth)


def test_a_loop_of_calls_from_any_depth_asks_the_system_for_no_memory_each_time() -> None:
    before = new_pages()
    call_with_room(from_every_depth)
    assert new_pages() - before < TIMES
