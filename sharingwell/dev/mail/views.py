"""Shows the caught emails. Open to everyone on this machine."""

from __future__ import annotations

from email.message import EmailMessage
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from sharingwell.dev.mail.mailbox import MailFolder


@login_not_required
@require_safe
@never_cache
def list_mail(request: HttpRequest) -> HttpResponse:
    messages = [_summary(key, message) for key, message in _folder().messages()]
    return render(request, "dev_mail/list.html", {"mail": messages})


@login_not_required
@require_safe
@never_cache
def show_mail(request: HttpRequest, key: str) -> HttpResponse:
    message = _folder().message(key)
    if message is None:
        raise Http404("There is no such message.")
    body = message.get_body(preferencelist=("plain",))
    text = body.get_content() if body else ""
    return render(request, "dev_mail/message.html", {"message": _summary(key, message), "text": text})


def _folder() -> MailFolder:
    return MailFolder(settings.CAUGHT_MAIL)


def _summary(key: str, message: EmailMessage) -> dict[str, Any]:
    return {
        "key": key,
        "subject": str(message["Subject"]),
        "to": str(message["To"]),
        "at": getattr(message["Date"], "datetime", None),
    }
