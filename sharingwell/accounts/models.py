"""People, their organisation and their team."""

from __future__ import annotations

import datetime
import json
from typing import Any, ClassVar

import pgtrigger
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import salted_hmac

from sharingwell.database.triggers import NonBypassableTrigger, organisation_is_final


def keep_former_names() -> pgtrigger.Trigger:
    """A name that is changed stays with its end, so that what was recorded keeps the name of the day."""
    return NonBypassableTrigger(
        name="keep_former_names",
        level=pgtrigger.Row,
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update,
        func="""
            NEW.former_names := CASE TG_OP WHEN 'UPDATE' THEN OLD.former_names ELSE '[]' END;
            IF TG_OP = 'UPDATE' AND NEW.name <> OLD.name THEN
                NEW.former_names := NEW.former_names
                    || jsonb_build_object('name', OLD.name, 'until', statement_timestamp());
            END IF;
            RETURN NEW;
        """,
    )


class Organisation(models.Model):
    """Controller under the UK GDPR: a council, an NHS trust, a police force, a charity."""

    name = models.CharField(max_length=200, unique=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Team(models.Model):
    """Team of an organisation. It never moves to another, as decisions refer to both."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="teams")
    name = models.CharField(max_length=200)

    class Meta:
        ordering = ["organisation__name", "name"]
        constraints = [
            models.UniqueConstraint(fields=["organisation", "name"], name="team_name_unique_in_organisation"),
        ]
        triggers: ClassVar = [organisation_is_final()]

    def __str__(self) -> str:
        return self.name


class Role(models.TextChoices):
    PRACTITIONER = "practitioner", "Practitioner"
    MANAGER = "manager", "Manager"
    IG_MANAGER = "ig_manager", "IG manager"
    GUIDE_EDITOR = "guide_editor", "Guide editor"
    ADMINISTRATOR = "administrator", "Administrator"
    PARTNERSHIP_LEAD = "partnership_lead", "Partnership lead"


ADMIN_SITE_ROLES = frozenset({Role.IG_MANAGER, Role.GUIDE_EDITOR, Role.ADMINISTRATOR})
# Roles that reach every organisation: an organisation's administrator does not give them.
ROLES_OF_THE_PRODUCT = frozenset({Role.GUIDE_EDITOR, Role.PARTNERSHIP_LEAD})
# Roles that open other people's decisions: a second person confirms each.
ROLES_TO_CONFIRM = frozenset({Role.IG_MANAGER, Role.MANAGER})


class UserManager(BaseUserManager["User"]):
    def get_queryset(self) -> models.QuerySet[User]:
        """Selects team and organisation, which each request needs."""
        return super().get_queryset().select_related("team__organisation")

    def to_confirm(self, appointment: Appointment) -> list[User]:
        """People who are told of an appointment: those it waits for, or else product administrators."""
        organisation = appointment.person.organisation
        here = self.filter(
            is_active=True,
            team__organisation=organisation,
            roles__overlap=[Role.IG_MANAGER, Role.ADMINISTRATOR],
        ).order_by("pk")
        waiting = Appointment.objects.filter(pk=appointment.pk)
        found = [each for each in here if waiting.waiting_for(each).exists()]
        if found:
            return found
        others = self.filter(is_active=True, is_superuser=True).exclude(
            pk__in=[appointment.person_id, appointment.proposed_by_id]
        )
        return list(others.order_by("pk"))

    def ig_managers_of(self, organisation: Organisation) -> models.QuerySet[User]:
        """Active IG managers of the organisation."""
        here = self.filter(is_active=True, team__organisation=organisation)
        return here.filter(roles__contains=[Role.IG_MANAGER]).order_by("pk")

    @classmethod
    def normalize_email(cls, email: str | None) -> str:
        """Lower-cases the whole address: sign-in ignores case."""
        return (email or "").strip().lower()

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(email=self.normalize_email(username))

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        """Without a password the person cannot sign in until they choose one by an emailed link."""
        user = self.model(email=self.normalize_email(email), **fields)
        user.set_password(password)
        user.save()
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> User:
        return self.create_user(email, password, is_superuser=True, **fields)


class User(AbstractBaseUser, PermissionsMixin):
    """Person with an account. Roles grant permissions; being a superuser gives access to no decision."""

    class EmailFrequency(models.TextChoices):
        AT_ONCE = "at-once", "As soon as something waits for me"
        DAILY = "daily", "Once a day, all together"

    email = models.EmailField(
        unique=True, error_messages={"unique": "Someone has this email address already."}
    )
    name = models.CharField(max_length=200)
    job_title = models.CharField(
        max_length=200, blank=True, help_text="As it should read on a record, for example “Housing officer”."
    )
    former_names = models.JSONField(
        default=list,
        editable=False,
        help_text="Earlier names, the earliest first: “name”, and “until” when. PostgreSQL writes it.",
    )
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="people", null=True, blank=True)
    roles = ArrayField(
        models.CharField(max_length=20, choices=Role),
        default=list,
        blank=True,
        help_text="What this person may do.",
    )
    is_active = models.BooleanField(
        "active", default=True, help_text="Untick when someone leaves: they lose access at their next click."
    )
    date_joined = models.DateTimeField(default=timezone.now, editable=False)
    email_frequency = models.CharField(
        max_length=10, choices=EmailFrequency, default=EmailFrequency.AT_ONCE, editable=False
    )

    objects: ClassVar[UserManager] = UserManager()

    EMAIL_FIELD = "email"
    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        ordering = ["name"]
        verbose_name = "person"
        verbose_name_plural = "people"
        constraints = [
            models.CheckConstraint(condition=models.Q(email=Lower("email")), name="user_email_in_lower_case"),
            models.CheckConstraint(
                condition=models.Q(team__isnull=False) | models.Q(is_superuser=True),
                name="user_belongs_to_a_team",
                violation_error_message="Choose the team this person belongs to.",
            ),
            models.CheckConstraint(
                condition=models.Q(roles__contained_by=list(Role.values)), name="user_roles_are_known"
            ),
            models.CheckConstraint(
                condition=models.Q(email_frequency__in=["at-once", "daily"]),
                name="user_email_frequency_known",
            ),
        ]
        triggers: ClassVar = [keep_former_names()]

    def __str__(self) -> str:
        return self.name

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """Ends every session of the person when their password, team or roles change: Django's own covers passwords."""
        value = json.dumps([self.password, self.team_id, sorted(self.roles), self.is_superuser])
        return salted_hmac(
            "sharingwell.accounts.session", value, secret=secret, algorithm="sha256"
        ).hexdigest()

    def name_at(self, moment: datetime.datetime) -> str:
        """The name that the person had at that moment."""
        later = (
            each["name"]
            for each in self.former_names
            if moment < datetime.datetime.fromisoformat(each["until"])
        )
        return next(later, self.name)

    def has_role(self, role: Role) -> bool:
        return role in self.roles

    @property
    def is_staff(self) -> bool:
        """Whether the person may enter the admin site; each ModelAdmin checks its own permissions."""
        return self.is_superuser or not ADMIN_SITE_ROLES.isdisjoint(self.roles)

    @property
    def organisation(self) -> Organisation | None:
        return self.team.organisation if self.team else None

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name


class AppointmentQuerySet(models.QuerySet["Appointment"]):
    def open(self) -> AppointmentQuerySet:
        return self.filter(answered_at__isnull=True, person__is_active=True)

    def answerable_by(self, user: User) -> AppointmentQuerySet:
        """Open appointments that this person may confirm or refuse: product administrators any, but not their own."""
        if not user.is_superuser:
            return self.waiting_for(user)
        return self.open().exclude(person=user).exclude(proposed_by=user)

    def waiting_for(self, user: User) -> AppointmentQuerySet:
        """Open appointments in this person's organisation that are theirs to answer.

        For its IG managers. Where it has none, its administrators answer what a product administrator proposed.
        """
        if not {Role.IG_MANAGER, Role.ADMINISTRATOR} & set(user.roles):
            return self.none()
        others = self.open().exclude(person=user.pk).exclude(proposed_by=user.pk)
        here = others.filter(person__team__organisation=user.organisation)
        if user.has_role(Role.IG_MANAGER):
            return here
        colleagues = User.objects.filter(
            is_active=True, roles__contains=[Role.IG_MANAGER], team__organisation=user.organisation
        )
        return here.filter(~models.Exists(colleagues), proposed_by__is_superuser=True)


class Appointment(models.Model):
    """A role that opens other people's decisions, proposed for a person: theirs once a second person confirms it."""

    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="appointments")
    role = models.CharField(max_length=20, choices=Role)
    proposed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField(default=timezone.now)
    answered_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True)
    answered_at = models.DateTimeField(null=True)
    confirmed = models.BooleanField(null=True)

    objects: ClassVar[AppointmentQuerySet] = AppointmentQuerySet.as_manager()  # type: ignore[assignment]  # its methods

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "role"],
                condition=models.Q(answered_at__isnull=True),
                name="appointment_one_open_per_role",
            ),
            models.CheckConstraint(
                condition=models.Q(role__in=["ig_manager", "manager"]), name="appointment_role_to_confirm"
            ),
            models.CheckConstraint(
                condition=models.Q(answered_by=None, answered_at=None, confirmed=None)
                | models.Q(answered_by__isnull=False, answered_at__isnull=False, confirmed__isnull=False),
                name="appointment_answered_by_somebody",
            ),
            models.CheckConstraint(
                condition=~models.Q(answered_by=models.F("proposed_by"))
                & ~models.Q(answered_by=models.F("person"))
                & ~models.Q(proposed_by=models.F("person")),
                name="appointment_of_three_people",
            ),
        ]

    def __str__(self) -> str:
        return f"{Role(self.role).label}, {self.person}"

    def get_absolute_url(self) -> str:
        return reverse("account_appointment", args=[self.pk])
