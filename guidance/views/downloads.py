"""Downloads of a version. Public."""

from __future__ import annotations

import datetime

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from guidance.models import GuideVersion
from guidance.render.pdf import guide_pdf
from guidance.views.base import render_not_found, with_cache_headers


@login_not_required
@require_safe
def show_pdf(request: HttpRequest, date: datetime.date) -> HttpResponse:
    """One query, and three more where the PDF is not cached."""
    version = GuideVersion.objects.published().filter(date=date).first()
    if version is None:
        return render_not_found(request)
    pdf = guide_pdf(
        version,
        address=request.build_absolute_uri(version.get_absolute_url()),
        newer=request.build_absolute_uri(reverse("guidance:versions")),
    )
    response = HttpResponse(pdf, content_type="application/pdf")
    name = content_disposition_header(as_attachment=False, filename=f"sharing-well-{date}.pdf")
    response.headers["Content-Disposition"] = str(name)
    return with_cache_headers(request, response, version)
