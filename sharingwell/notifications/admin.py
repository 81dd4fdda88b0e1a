"""Removes the job queue from the admin: jobs hold only keys, and are not cancelled by hand."""

from django.contrib import admin
from procrastinate.contrib.django.models import ProcrastinateJob

admin.site.unregister(ProcrastinateJob)
