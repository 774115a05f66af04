"""The gallery and the language switch."""

from django.urls import path
from django.views.i18n import set_language

from ui import views

app_name = "ui"

urlpatterns = [
    path("gallery/", views.gallery, name="gallery"),
    path("ngon-ngu/", set_language, name="set-language"),
]
