"""How long the log takes, and how much memory its files take, with many decisions in one organisation.

    .venv/bin/python -m benchmarks.log 1000000 [FOLDER]

A database of its own is filled (`benchmarks.filling`) and thrown away; in a folder it is kept, and the next time only
measured. Pages are asked for as they are served, behind the wall between organisations. A million take 15 GB, and some
minutes to write.
"""

from __future__ import annotations

import os
import resource
import sys
import time
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django.test import Client

    from sharingwell.accounts.models import User

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
HOST = "127.0.0.1"

ASKED = {
    "a page": "",
    "a page, far back": "p={middle}",
    "a month's sample": "sample={month}",
    "to review": "sample={month}.to-review",
    "to review, urgent": "sample={month}.to-review&urgency=now",
    "changed since review": "review=changed",
    "not reviewed": "review=not-reviewed",
    "nothing recorded (none)": "review=nothing-recorded",
    "refusals": "outcome=refusal",
    "special category": "category=special_category",
    "a kind, 1 in 100,000": "kinds=religion",
    "a finding, 1 in 100,000": "finding=concern",
    "overdue": "overdue=yes",
    "recorded afterwards, 1 in 100,000": "afterwards=yes",
    "six together": "direction=asked&outcome=share-part&category=special_category"
    "&review=reviewed&overdue=no&afterwards=no",
    "one month": "started_at__year={year}&started_at__month={number}",
    "one month, three years ago": "started_at__year={far}&started_at__month=12",
    "one year": "started_at__year={year}",
    "a word that is everywhere": "q=place",
    "a word, 1 in 10": "q=lantern",
    "a word, 1 in 1,000": "q=orchard",
    "a word, 1 in 100,000": "q=heron",
    "a word that is nowhere": "q=zebra",
    "a reference": "q={reference}",
    "a case reference": "q=77777",
    "a word and a rare filter": "q=lantern&afterwards=yes",
}
A_TENTH = "outcome=connect&direction=share"
OTHERS = {
    "reviewing, month by month": "/decisions/reviews/",
    "one decision": "/admin/decisions/decision/{middle}/change/",
    "the IG team's queue": "/advice/queue/",
    "what waits for me": "/decisions/waiting/",
    "what is to be disposed of": "/decisions/retention/",
    "patterns": "/decisions/patterns/",
    "the partnership's patterns": "/decisions/patterns/partnership/",
    "how the guide is used": "/decisions/patterns/guide/",
}
OF_A_PRACTITIONER = {
    "my decisions": "/decisions/",
    "my decisions, with a word": "/decisions/?q=orchard",
}


def main(many: int, kept_in: Path | None) -> None:
    import django

    django.setup()
    from django.conf import settings
    from django.db import connection
    from django.test.utils import setup_test_environment

    from benchmarks.filling import fill
    from sharingwell.accounts.models import User
    from sharingwell.database.address import parse_address
    from sharingwell.database.roles import grant_application_role
    from sharingwell.dev.postgres import LOCAL_APPLICATION_ROLE, running_local_database

    setup_test_environment()
    with (
        TemporaryDirectory() as folder,
        running_local_database(kept_in or Path(folder) / "postgres", throwaway=kept_in is None) as address,
    ):
        settings.DATABASES["default"].update(parse_address(address))
        connection.settings_dict.update(settings.DATABASES["default"])
        connection.settings_dict["TEST"]["NAME"] = "benchmark"
        connection.creation.create_test_db(verbosity=0, keepdb=True, serialize=False)
        grant_application_role(LOCAL_APPLICATION_ROLE)
        reader = User.objects.filter(roles__contains=["ig_manager"]).first() or fill(many)
        measure_pages(reader)
        measure_files(reader)
        connection.close()


def measure_pages(reader: User) -> None:
    from django.test import Client
    from django.utils import timezone

    from decisions.domain.periods import Month
    from decisions.models import Decision

    month = Month.of(timezone.localdate()).before()
    ours = Decision.objects.filter(organisation=reader.organisation).order_by("-pk")
    middle = ours[ours.count() // 2]
    said = {
        "middle": middle.pk,
        "reference": middle.reference,
        "month": month,
        "year": month.year,
        "number": month.number,
        "far": month.year - 3,
    }
    client = Client()
    client.force_login(reader)
    print("\nPages of the list, in milliseconds, the median of three")
    for name, asked in ASKED.items():
        measure(client, name, f"/admin/decisions/decision/?{asked.format(**said)}")
    print("\nOther pages")
    for name, where in OTHERS.items():
        measure(client, name, where.format(**said))
    client.force_login(middle.author)
    for name, where in OF_A_PRACTITIONER.items():
        measure(client, name, where)


def measure(client: Client, name: str, where: str) -> None:
    took = []
    for _ in range(3):
        began = time.perf_counter()
        response = client.get(where)
        took.append(1000 * (time.perf_counter() - began))
        assert response.status_code == 200, response.content
    print(f"  {name:34} {median(took):8.0f}", flush=True)


def measure_files(reader: User) -> None:
    """Read by a reader that keeps nothing; the most memory that this process ever had, before and after."""
    from django.test import Client

    client = Client()
    client.force_login(reader)
    print("\nFiles of one decision in ten")
    for kind in ["csv", "xlsx"]:
        before, began, size = most_memory(), time.perf_counter(), 0
        response = client.get(f"/admin/decisions/decision/export.{kind}?{A_TENTH}")
        first = None
        for piece in response.streaming_content:
            first = first or time.perf_counter() - began
            size += len(piece)
        response.close()
        took = time.perf_counter() - began
        print(
            f"  {kind:5} {size / 1e6:6.1f} MB in {took:5.0f} s, the first piece after {first:.1f} s; most"
            f" memory of the process {most_memory():.0f} MB, before it {before:.0f} MB",
            flush=True,
        )


def most_memory() -> float:
    """In MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000


if __name__ == "__main__":
    arguments = sys.argv[1:]
    main(int(arguments[0]) if arguments else 100_000, Path(arguments[1]) if arguments[1:] else None)
