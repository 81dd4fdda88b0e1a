"""People for tests: each in an organisation of their own unless a team is given."""

from __future__ import annotations

from typing import Any

import factory
from factory.django import DjangoModelFactory

from sharingwell.accounts.models import Organisation, Role, Team, User

PASSWORD = "seven grey herons wade"


class OrganisationFactory(DjangoModelFactory[Organisation]):
    class Meta:
        model = Organisation

    name = factory.Sequence(lambda number: f"Northmoor Council {number}")


class TeamFactory(DjangoModelFactory[Team]):
    class Meta:
        model = Team

    organisation = factory.SubFactory(OrganisationFactory)
    name = factory.Sequence(lambda number: f"Housing Options {number}")


class PersonFactory(DjangoModelFactory[User]):
    """Practitioner with PASSWORD; `password=None` for an invited person without one."""

    class Meta:
        model = User

    email = factory.Sequence(lambda number: f"person-{number}@northmoor.example")
    name = factory.Sequence(lambda number: f"Robin Vale {number}")
    job_title = "Housing officer"
    team = factory.SubFactory(TeamFactory)
    roles = factory.LazyFunction(lambda: [Role.PRACTITIONER])
    password = PASSWORD

    @classmethod
    def _create(cls, model_class: type[User], *args: Any, **fields: Any) -> User:
        return model_class.objects.create_user(*args, **fields)
