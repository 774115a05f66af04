"""Addresses of the meeting room."""

from django.urls import path

from meetings.views import acts, pages

app_name = "meetings"
urlpatterns = [
    path("", pages.MeetingList.as_view(), name="list"),
    path("moi/", pages.Convene.as_view(), name="convene"),
    path("<int:pk>/", pages.RoomPage.as_view(), name="room"),
    path("<int:pk>/song/", pages.RoomLive.as_view(), name="live"),
    path("<int:pk>/mo/", acts.Open.as_view(), name="open"),
    path("<int:pk>/ket-thuc/", acts.Close.as_view(), name="close"),
    path("<int:pk>/huy/", acts.CallOff.as_view(), name="call-off"),
    path("<int:pk>/moi-don-vi/", acts.Invite.as_view(), name="invite"),
    path("<int:pk>/chuong-trinh/", acts.AddItem.as_view(), name="add-item"),
    path("<int:pk>/chuong-trinh/<int:item>/doi-cho/", acts.MoveItem.as_view(), name="move-item"),
    path("<int:pk>/bien-ban/<int:item>/", acts.Write.as_view(), name="write"),
    path("<int:pk>/diem-danh/", acts.Expect.as_view(), name="expect"),
    path("<int:pk>/diem-danh/<int:attendance>/", acts.Mark.as_view(), name="mark"),
    path("<int:pk>/ket-luan/", acts.Conclude.as_view(), name="conclude"),
    path("<int:pk>/ket-luan/<int:conclusion>/", acts.Revise.as_view(), name="revise"),
    path("<int:pk>/ket-luan/<int:conclusion>/huy/", acts.CancelConclusion.as_view(), name="cancel-conclusion"),
    path("<int:pk>/ban-hanh/", acts.Publish.as_view(), name="publish"),
]
