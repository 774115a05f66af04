"""Addresses of the search page, and of what belongs to it."""

from django.urls import path

from search import views
from search.pages import abbreviations, exports, saved, upkeep

app_name = "search"
urlpatterns = [
    path("", views.SearchPage.as_view(), name="page"),
    path("da-luu/", saved.SavedList.as_view(), name="saved"),
    path("da-luu/luu/", saved.Save.as_view(), name="save"),
    path("da-luu/<int:pk>/", saved.Open.as_view(), name="saved-open"),
    path("da-luu/<int:pk>/da-xem/", saved.Seen.as_view(), name="saved-seen"),
    path("da-luu/<int:pk>/bao-tin/", saved.Alert.as_view(), name="saved-alert"),
    path("da-luu/<int:pk>/doi-ten/", saved.Rename.as_view(), name="saved-rename"),
    path("da-luu/<int:pk>/xoa/", saved.Delete.as_view(), name="saved-delete"),
    path("xuat/<str:kind>/", exports.Export.as_view(), name="export"),
    path("viet-tat/", abbreviations.Readings.as_view(), name="readings"),
    path("viet-tat/<int:pk>/", abbreviations.Reading.as_view(), name="reading"),
    path("viet-tat/<int:pk>/xoa/", abbreviations.RemoveReading.as_view(), name="remove-reading"),
    path("chi-muc/", upkeep.Health.as_view(), name="health"),
    path("chi-muc/lap-lai/", upkeep.Rebuild.as_view(), name="rebuild"),
    path("goi-y/", views.Suggest.as_view(), name="suggest"),
    path("tuong-tu/<int:pk>/", views.Similar.as_view(), name="similar"),
]
