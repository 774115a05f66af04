"""Which room answers which address."""

from django.urls import include, path

from config import health

urlpatterns = [
    path("", include("desk.urls")),
    path("van-ban/", include("documents.urls")),
    path("luong/", include("workflow.urls")),
    path("theo-doi/", include("exchange.urls")),
    path("hop/", include("meetings.urls")),
    path("tra-cuu/", include("search.urls")),
    path("quan-tri/", include("organizations.urls")),
    path("ui/", include("ui.urls")),
    path("tai-khoan/", include("config.accounts")),
    path("livez", health.livez, name="livez"),
    path("readyz", health.readyz, name="readyz"),
]

handler400 = "ui.errors.bad_request"
handler403 = "ui.errors.permission_denied"
handler404 = "ui.errors.not_found"
handler500 = "ui.errors.server_error"
