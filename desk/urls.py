"""Addresses of what a person sees first."""

from django.urls import path

from desk import views

app_name = "desk"
urlpatterns = [
    path("", views.Inbox.as_view(), name="inbox"),
    path("hop-viec/danh-sach/", views.InboxRows.as_view(), name="inbox-rows"),
    path("van-ban/<int:pk>/", views.Paper.as_view(), name="paper"),
    path("van-ban/<int:pk>/xem/", views.Preview.as_view(), name="preview"),
    path("van-ban/<int:pk>/chu/", views.PaperText.as_view(), name="paper-text"),
    path("van-ban/<int:pk>/luong/", views.PaperFlow.as_view(), name="paper-flow"),
]
