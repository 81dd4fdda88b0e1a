from dataclasses import replace

import pytest

from decisions.ledger.chain import Entry, digest_of_entry, faults_of_entry
from decisions.ledger.checkpoints import Checkpoint, NotACheckpoint, read_checkpoints


def make_entry(before=None, **values):
    entry = Entry(
        id=before.id + 1 if before else 1,
        organisation=1,
        sequence=before.sequence + 1 if before else 1,
        kind="round",
        subject=5,
        at="2026-07-01T09:30:00.000000Z",
        actor=3,
        fact="a" * 64,
        previous=before.digest if before else "0" * 64,
        digest="",
    )
    entry = replace(entry, **values)
    return replace(entry, digest=digest_of_entry(entry)) if not entry.digest else entry


FIRST = make_entry()


class TestAnEntry:
    def test_in_sequence_has_no_fault(self):
        assert not list(faults_of_entry(None, FIRST))
        second = make_entry(FIRST)
        assert not list(faults_of_entry(FIRST, second))
        assert list(faults_of_entry(None, second))

    @pytest.mark.parametrize(
        ("values", "what"),
        [
            ({"sequence": 3}, "entry 2 is missing before it."),
            ({"sequence": 5}, "entries from 2 are missing before it."),
            ({"sequence": 1}, "the entry is out of its place."),
            ({"previous": "b" * 64}, "it does not follow the entry before it."),
            ({"digest": "c" * 64}, "the entry is not as it was written."),
            ({"subject": 2**60, "digest": "c" * 64}, "the entry is not as it was written."),
        ],
    )
    def test_out_of_sequence_has_a_fault(self, values, what):
        entry = make_entry(FIRST, **values)
        assert [str(fault) for fault in faults_of_entry(FIRST, entry)] == [
            f"Organisation 1, entry {entry.sequence}: {what}"
        ]


class TestACheckpoint:
    def test_is_read_as_it_is_printed(self):
        kept = [Checkpoint(1, 42, "a" * 64), Checkpoint(2, 7, "b" * 64)]
        assert read_checkpoints("# kept on Monday\n\n" + "\n".join(map(str, kept))) == kept

    @pytest.mark.parametrize("text", ["", "# nothing", "1 42", f"1 42 {'A' * 64}", f"one 2 {'a' * 64}"])
    def test_other_text_is_refused(self, text):
        with pytest.raises(NotACheckpoint):
            read_checkpoints(text)
