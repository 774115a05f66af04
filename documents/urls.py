"""Addresses of papers."""

from django.urls import path

from documents.views import (
    capture,
    confirm,
    corrections,
    covers,
    duplicates,
    files,
    intake,
    lists,
    quarantine,
    queue,
    relations,
    splitting,
    tags,
)

app_name = "documents"
urlpatterns = [
    path("tiep-nhan/", intake.Intake.as_view(), name="intake"),
    path("tiep-nhan/hang-doi/", intake.Queue.as_view(), name="queue"),
    path("tiep-nhan/chup/", capture.Capture.as_view(), name="capture"),
    path("tiep-nhan/to-bia.pdf", covers.CoverSheet.as_view(), name="cover-sheet"),
    path("tiep-nhan/theo-doi/", queue.ReadingQueue.as_view(), name="reading-queue"),
    path("<int:pk>/dung-doc/", queue.StopReading.as_view(), name="stop-reading"),
    path("chat-luong-doc/", corrections.Corrections.as_view(), name="corrections"),
    path("cach-ly/", quarantine.Quarantine.as_view(), name="quarantine"),
    path("<int:pk>/tach/", splitting.Split.as_view(), name="split"),
    path("<int:pk>/giu-nguyen/", splitting.KeepWhole.as_view(), name="keep-whole"),
    path("<int:pk>/ban-giao/", quarantine.HandOver.as_view(), name="hand-over"),
    path("<int:pk>/khong-mat/", quarantine.Release.as_view(), name="release"),
    path("den/", lists.Incoming.as_view(), name="incoming"),
    path("di/", lists.Outgoing.as_view(), name="outgoing"),
    path("so/", lists.RegisterBook.as_view(), name="register"),
    path("so/<int:pk>/mo/", lists.OpenBook.as_view(), name="open-book"),
    path("so/<int:pk>/huy/", lists.VoidEntry.as_view(), name="void-entry"),
    path("<int:pk>/xac-nhan/", confirm.Confirm.as_view(), name="confirm"),
    path("<int:pk>/doc-lai/", confirm.ReadAgain.as_view(), name="read-again"),
    path("<int:pk>/rut/", confirm.Withdraw.as_view(), name="withdraw"),
    path("<int:pk>/doi-chieu/<int:other>/", duplicates.Compare.as_view(), name="compare"),
    path("<int:pk>/sua/", confirm.Correct.as_view(), name="correct"),
    path("<int:pk>/the/them/", tags.AddTag.as_view(), name="add-tag"),
    path("<int:pk>/the/bo/", tags.RemoveTag.as_view(), name="remove-tag"),
    path("<int:pk>/thay-the/", relations.Replace.as_view(), name="replace"),
    path("<int:pk>/thay-the/go/", relations.TakeReplacementBack.as_view(), name="take-replacement-back"),
    path("<int:pk>/tep/<int:file>/", files.Download.as_view(), name="file"),
    path(
        "<int:pk>/tep/<int:file>/trang/<int:page>/<int:x>-<int:y>-<int:w>-<int:h>.jpg",
        files.PagePart.as_view(),
        name="page-part",
    ),
]
