"""Addresses of the administration, and of what a person sets for themselves."""

from django.urls import path

from organizations.views import own, people, posts, units

app_name = "organizations"
urlpatterns = [
    path("", units.Units.as_view(), name="units"),
    path("don-vi/tim/", units.FindUnits.as_view(), name="find-units"),
    path("don-vi/<int:pk>/", units.UnitPage.as_view(), name="unit"),
    path("don-vi/<int:pk>/them/", units.UnitAct.as_view(name="add"), name="unit-add"),
    path("don-vi/<int:pk>/thong-tin/", units.UnitAct.as_view(name="change"), name="unit-change"),
    path("don-vi/<int:pk>/doi-ten/", units.UnitAct.as_view(name="rename"), name="unit-rename"),
    path("don-vi/<int:pk>/chuyen/", units.UnitAct.as_view(name="move"), name="unit-move"),
    path("don-vi/<int:pk>/dong/", units.UnitAct.as_view(name="close"), name="unit-close"),
    path("don-vi/<int:pk>/chuc-danh/", units.UnitAct.as_view(name="add-post"), name="unit-add-post"),
    path("don-vi/<int:pk>/bo-nhiem/", units.UnitAct.as_view(name="appoint"), name="unit-appoint"),
    path("chuc-danh/<int:pk>/", posts.PostPage.as_view(), name="post"),
    path("chuc-danh/<int:pk>/dong/", posts.ClosePost.as_view(), name="close-post"),
    path("chuc-danh/<int:pk>/thoi-giu/<int:appointment>/", posts.EndAppointment.as_view(), name="end-appointment"),
    path("nguoi-dung/", people.People.as_view(), name="people"),
    path("nguoi-dung/tim/", people.FindPeople.as_view(), name="find-people"),
    path("nguoi-dung/<int:pk>/", people.PersonPage.as_view(), name="person"),
    path("nguoi-dung/<int:pk>/khoa/", people.CloseAccount.as_view(), name="close-account"),
    path("nguoi-dung/<int:pk>/mo-lai/", people.ReopenAccount.as_view(), name="reopen-account"),
    path("xu-ly-thay/", own.Delegations.as_view(), name="delegations"),
    path("xu-ly-thay/<int:pk>/thu-hoi/", own.Revoke.as_view(), name="revoke-delegation"),
    path("ca-nhan/", own.Profile.as_view(), name="profile"),
    path("chuyen-vai-tro/", own.SwitchPost.as_view(), name="switch-post"),
]
