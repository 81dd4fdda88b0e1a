"""The queue is no business of the admin's: its tables hold keys, and jobs are not cancelled by hand."""

from django.contrib import admin
from procrastinate.contrib.django.models import ProcrastinateJob

admin.site.unregister(ProcrastinateJob)
