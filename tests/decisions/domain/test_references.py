import re

import pytest
from django.urls import Resolver404, resolve

from decisions.domain.references import ALPHABET, new_reference


def test_reference_reads_as_two_groups_of_four():
    assert re.fullmatch(rf"SW-[{ALPHABET}]{{4}}-[{ALPHABET}]{{4}}", new_reference())


def test_references_do_not_follow_from_each_other():
    assert len({new_reference() for _ in range(1000)}) == 1000


@pytest.mark.parametrize("confusing", "AEIOUY01L")
def test_reference_has_nothing_that_spells_a_word_or_is_misread(confusing):
    assert confusing not in ALPHABET
    assert len(set(ALPHABET)) == 27


def test_address_takes_a_reference_in_small_letters():
    assert resolve("/decisions/sw-7k3m-q9xd/").kwargs == {"reference": "SW-7K3M-Q9XD"}


@pytest.mark.parametrize("address", ["SW-7K3M-Q9X", "7K3M-Q9XD", "SW-AAAA-BBBB", "SW-7K3M-Q9XD-9"])
def test_anything_else_is_no_address(address):
    with pytest.raises(Resolver404):
        resolve(f"/decisions/{address}/")
