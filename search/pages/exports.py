"""The results of a search as a file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import FileResponse, Http404, StreamingHttpResponse
from django.utils.http import content_disposition_header

from core import clock
from organizations.views.base import Page
from search.asked import Asked
from search.exports import KINDS, begin_export, csv_lines, file_name, xlsx_file

if TYPE_CHECKING:
    from django.http import HttpRequest
    from django.http.response import HttpResponseBase

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class Export(Page):
    """Everything that the search in the address finds for this person; nothing of it is kept on the way."""

    def get(self, request: HttpRequest, kind: str) -> HttpResponseBase:
        if kind not in KINDS:
            raise Http404
        now = clock.now()
        export = begin_export(
            asked=Asked.read(request.GET), kind=kind, person=self.person, at=now, actor=self.actor,
            address=request.build_absolute_uri,
        )  # fmt: skip
        if kind == "csv":
            answer: StreamingHttpResponse | FileResponse = StreamingHttpResponse(
                csv_lines(export), content_type="text/csv; charset=utf-8"
            )
        else:
            answer = FileResponse(xlsx_file(export), content_type=XLSX)
        name = content_disposition_header(as_attachment=True, filename=file_name(kind, clock.office_date(now)))
        answer.headers["Content-Disposition"] = name or "attachment"
        answer.headers["Cache-Control"] = "private, no-store"
        answer.headers["X-Content-Type-Options"] = "nosniff"
        return answer
