"""Admin of people, teams and organisations, for an organisation's administrators."""

from __future__ import annotations

from typing import Any, cast

from allauth.account.models import EmailAddress
from django import forms
from django.contrib import admin, messages
from django.contrib.auth.models import Group
from django.db import transaction
from django.db.models import OuterRef, Prefetch, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.formats import date_format
from django.utils.timezone import localtime

from sharingwell.accounts.actions import (
    change_person,
    invite_person,
    notify_former_address,
    send_invitation,
)
from sharingwell.accounts.models import ROLES_TO_CONFIRM, Appointment, Organisation, Role, Team, User
from sharingwell.accounts.policies import can_change_address, can_change_role
from sharingwell.notifications.actions import send_again
from sharingwell.notifications.models import Email

admin.site.unregister([Group, EmailAddress])


def change_own_password(request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
    """Redirects to the product's page, which has rate limits."""
    return redirect("account_change_password")


admin.site.password_change = change_own_password  # type: ignore[assignment,method-assign]
admin.site.password_change_done = change_own_password  # type: ignore[assignment,method-assign]


class OrganisationScopedAdmin(admin.ModelAdmin):
    """Restricts administrators to their own organisation; superusers see all. Nothing can be deleted."""

    organisation_lookup: str

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows = super().get_queryset(request)
        if request.user.is_superuser:
            return rows
        return rows.filter(**{self.organisation_lookup: own_organisation(request)})

    def has_module_permission(self, request: HttpRequest) -> bool:
        return is_administrator(request.user)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return is_administrator(request.user)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return is_administrator(request.user)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return is_administrator(request.user)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Limits the choices to the administrator's own organisation."""
        if not request.user.is_superuser:
            lookup = {"organisation": "pk", "team": "organisation"}[db_field.name]
            kwargs["queryset"] = db_field.remote_field.model.objects.filter(
                **{lookup: own_organisation(request)}
            )
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


def is_administrator(user: Any) -> bool:
    if not user.is_authenticated or not user.is_active:
        return False
    return bool(user.is_superuser or user.has_role(Role.ADMINISTRATOR))


def own_organisation(request: HttpRequest) -> int | None:
    """Primary key of the user's organisation; None matches no row."""
    organisation = request.user.organisation  # type: ignore[union-attr]
    return organisation.pk if organisation else None


@admin.register(Organisation)
class OrganisationAdmin(OrganisationScopedAdmin):
    organisation_lookup = "pk"
    search_fields = ["name"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.is_superuser)


@admin.register(Team)
class TeamAdmin(OrganisationScopedAdmin):
    organisation_lookup = "organisation"
    list_display = ["name", "organisation"]
    list_select_related = ["organisation"]
    search_fields = ["name"]

    def get_readonly_fields(self, request: HttpRequest, obj: Team | None = None) -> list[str]:
        """A team cannot move to another organisation: its decisions belong to this one."""
        return ["organisation"] if obj else []


class PersonForm(forms.ModelForm):
    """Offers the roles that `by` may give; a person keeps those that only others may take."""

    by: User
    roles = forms.MultipleChoiceField(
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text="A second person has to confirm that somebody is an IG manager or a manager.",
    )

    class Meta:
        model = User
        fields = ["email", "name", "job_title", "team", "roles", "is_active"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "team" in self.fields and not self.instance.is_superuser:
            self.fields["team"].required = True
        if "roles" in self.fields:
            roles = cast("forms.MultipleChoiceField", self.fields["roles"])
            roles.choices = [each for each in Role.choices if can_change_role(self.by, each[0])]

    def clean_email(self) -> str:
        return User.objects.normalize_email(self.cleaned_data["email"])

    def clean_roles(self) -> list[str]:
        kept = [role for role in self.instance.roles if not can_change_role(self.by, role)]
        return [*self.cleaned_data["roles"], *kept]

    def clean(self) -> dict[str, Any] | None:
        fields = super().clean()
        if self.cleaned_data.get("team", self.instance.team) is None:
            for role in ROLES_TO_CONFIRM.intersection(self.cleaned_data.get("roles", [])):
                self.add_error("roles", f"Choose a team for the role {Role(role).label}.")
        return fields


class DeliveryFilter(admin.SimpleListFilter):
    title = "emails to them"
    parameter_name = "emails"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("not-delivered", "Not delivered")]

    def queryset(self, request: HttpRequest, people: QuerySet[Any]) -> QuerySet[Any]:
        return people.filter(not_delivered_at__isnull=False) if self.value() == "not-delivered" else people


@admin.register(User)
class PersonAdmin(OrganisationScopedAdmin):
    """Adding a person sends an invitation to choose a password.

    Administrators cannot change superusers, nor the address of a person whose roles reach every organisation: a new
    address would take over the account. Nobody can change their own address, team, roles or access, so that a second
    person knows of each change.
    """

    organisation_lookup = "team__organisation"
    form = PersonForm
    list_display = ["name", "email", "delivery", "job_title", "team", "role_names", "is_active"]
    list_filter = [
        "is_active",
        DeliveryFilter,
        ("team", admin.RelatedOnlyFieldListFilter),
        ("team__organisation", admin.RelatedOnlyFieldListFilter),
    ]
    list_select_related = ["team__organisation"]
    search_fields = ["name", "email"]
    ordering = ["name"]
    actions = ["invite_again", "send_again"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        last = Email.objects.finished().filter(to=OuterRef("pk"))
        people: QuerySet[User] = (
            super()
            .get_queryset(request)
            .annotate(not_delivered_at=Subquery(last.values("failed_at")[:1]))
            .prefetch_related(Prefetch("appointments", Appointment.objects.open(), "open_appointments"))
        )
        return people if request.user.is_superuser else people.filter(is_superuser=False)

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        """Refuses lookups on the password hash, as Django's own UserAdmin."""
        return not lookup.startswith("password") and super().lookup_allowed(lookup, value, request)

    def get_fields(self, request: HttpRequest, obj: User | None = None) -> list[Any]:
        if obj is None:
            return ["email", "name", "job_title", "team", "roles"]
        return [
            "email",
            "name",
            "job_title",
            "team",
            "role_names",
            *([] if obj == request.user else ["roles"]),
            "is_active",
            "delivery",
        ]

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> list[str]:
        if obj is None:
            return []
        if obj == request.user:
            return ["email", "team", "role_names", "is_active", "delivery"]
        may_change_address = can_change_address(request.user, obj)  # type: ignore[arg-type]  # signed in
        return ["role_names", "delivery"] if may_change_address else ["email", "role_names", "delivery"]

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form: Any = super().get_form(request, obj, change, **kwargs)
        form.by = request.user
        return form

    @admin.display(description="roles they have")
    def role_names(self, person: Any) -> str:
        waiting = [f"{Role(each.role).label} (not confirmed yet)" for each in person.open_appointments]
        return ", ".join([*(Role(role).label for role in person.roles), *waiting])

    @admin.display(description="emails to them", empty_value="")
    def delivery(self, person: Any) -> str | None:
        """Whether the person's last finished email failed."""
        if person.not_delivered_at is None:
            return None
        return f"Not delivered, {date_format(localtime(person.not_delivered_at), 'j F Y')}: is the address right?"

    def save_model(self, request: HttpRequest, obj: User, form: forms.ModelForm, change: bool) -> None:
        by: Any = request.user
        if change:
            former = change_person(by=by, person=obj)
            if former:
                transaction.on_commit(lambda: self.notify_former_address(request, former))
        else:
            invited = invite_person(
                by=by,
                email=obj.email,
                name=obj.name,
                job_title=obj.job_title,
                team=obj.team,
                roles=obj.roles,
            )
            obj.pk = invited.pk
        for appointment in Appointment.objects.open().filter(person=obj):
            messages.warning(request, f"{appointment}: this role waits until a second person confirms it.")

    def notify_former_address(self, request: HttpRequest, address: str) -> None:
        if not notify_former_address(address=address):
            messages.error(request, f"The email to {address} could not be sent. Tell them in another way.")

    @admin.action(description="Send the invitation again", permissions=["change"])
    def invite_again(self, request: HttpRequest, people: QuerySet[User]) -> None:
        without_password = [
            person for person in people if not person.has_usable_password() and person.is_active
        ]
        for person in without_password:
            send_invitation(person=person)
            self.log_change(request, person, "Sent the invitation again.")
        others = len(people) - len(without_password)
        messages.info(
            request,
            f"Invitations on their way: {len(without_password)}."
            + (f" Not sent to {others} who chose a password already or are not active." if others else ""),
        )

    @admin.action(description="Send again what was not delivered", permissions=["change"])
    def send_again(self, request: HttpRequest, people: QuerySet[User]) -> None:
        sent = sum(send_again(to=person) for person in people)
        messages.info(request, f"Emails on their way again: {sent}.")
