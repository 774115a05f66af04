"""The gallery and the language switch."""

from django.urls import path

from ui import views

app_name = "ui"

urlpatterns = [
    path("gallery/", views.gallery, name="gallery"),
    path("ngon-ngu/", views.choose_language, name="set-language"),
]
