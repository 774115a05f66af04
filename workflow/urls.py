"""Addresses of acts: what is done to a paper."""

from django.urls import path

from workflow.views import acts, drafts

app_name = "workflow"
urlpatterns = [
    path("viec/<int:task>/", acts.Complete.as_view(), name="complete"),
    path("vao-so/<int:pk>/", acts.Register.as_view(), name="register"),
    path("tiep-nhan/<int:delivery>/", acts.Receive.as_view(), name="receive"),
    path("du-thao/moi/", drafts.NewDraft.as_view(), name="draft-new"),
    path("du-thao/<int:pk>/ban-moi/", drafts.NewVersion.as_view(), name="draft-version"),
]
