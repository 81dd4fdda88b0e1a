"""People, teams and organisations, for the administrators of an organisation."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.models import Group
from django.db.models import QuerySet
from django.http import HttpRequest

from sharingwell.accounts.actions import invite_person, send_invitation
from sharingwell.accounts.models import Organisation, Role, Team, User

admin.site.unregister(Group)


class AdministeredAdmin(admin.ModelAdmin):
    """Open to administrators for their own organisation, and to superusers for all; nothing is ever deleted."""

    organisation_lookup: str

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows = super().get_queryset(request)
        if request.user.is_superuser:
            return rows
        return rows.filter(**{self.organisation_lookup: request.user.organisation})

    def has_module_permission(self, request: HttpRequest) -> bool:
        return administers(request.user)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return administers(request.user)

    has_add_permission = has_view_permission
    has_change_permission = has_view_permission

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if not request.user.is_superuser:
            own = {"organisation": {"pk": request.user.organisation.pk}, "team": {"organisation": request.user.organisation}}
            rows = db_field.remote_field.model.objects.filter(**own[db_field.name])
            kwargs["queryset"] = rows
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


def administers(user: Any) -> bool:
    return user.is_active and (user.is_superuser or (user.is_authenticated and user.has_role(Role.ADMINISTRATOR)))


@admin.register(Organisation)
class OrganisationAdmin(AdministeredAdmin):
    organisation_lookup = "pk"
    search_fields = ["name"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows = admin.ModelAdmin.get_queryset(self, request)
        if request.user.is_superuser:
            return rows
        return rows.filter(pk=request.user.organisation.pk if request.user.organisation else None)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(request.user.is_superuser)


@admin.register(Team)
class TeamAdmin(AdministeredAdmin):
    organisation_lookup = "organisation"
    list_display = ["name", "organisation"]
    list_select_related = ["organisation"]
    search_fields = ["name"]


class PersonForm(forms.ModelForm):
    roles = forms.MultipleChoiceField(choices=Role.choices, widget=forms.CheckboxSelectMultiple, required=False)

    class Meta:
        model = User
        fields = ["email", "name", "job_title", "team", "roles", "is_active"]


@admin.register(User)
class PersonAdmin(AdministeredAdmin):
    """Adding a person invites them: they choose their own password by the link they are sent."""

    organisation_lookup = "team__organisation"
    form = PersonForm
    list_display = ["name", "email", "job_title", "team", "role_names", "is_active"]
    list_filter = ["is_active", "team__organisation"]
    list_select_related = ["team__organisation"]
    search_fields = ["name", "email"]
    ordering = ["name"]
    actions = ["invite_again"]

    @admin.display(description="roles")
    def role_names(self, person: User) -> str:
        return ", ".join(Role(role).label for role in person.roles)

    def save_model(self, request: HttpRequest, obj: User, form: forms.ModelForm, change: bool) -> None:
        if change:
            obj.save()
            return
        invited = invite_person(
            request,
            email=obj.email,
            name=obj.name,
            job_title=obj.job_title,
            team=obj.team,
            roles=obj.roles,
        )
        obj.pk = invited.pk
        messages.info(request, "An invitation is on its way to them by email.")

    @admin.action(description="Send the invitation again", permissions=["change"])
    def invite_again(self, request: HttpRequest, people: QuerySet[User]) -> None:
        waiting = [person for person in people if not person.has_usable_password() and person.is_active]
        for person in waiting:
            send_invitation(request, person)
        messages.info(request, f"Sent to {len(waiting)} of {len(people)}: the others have a password or are not active.")
