"""Addresses of the administration, and of what a person sets for themselves."""

from django.urls import path

from organizations.views import admin, own

app_name = "organizations"
urlpatterns = [
    path("", admin.Units.as_view(), name="units"),
    path("don-vi/<int:pk>/", admin.UnitPage.as_view(), name="unit"),
    path("don-vi/<int:pk>/them/", admin.AddUnit.as_view(), name="add-unit"),
    path("don-vi/<int:pk>/doi-ten/", admin.Rename.as_view(), name="rename-unit"),
    path("don-vi/<int:pk>/chuc-danh/", admin.AddPost.as_view(), name="add-post"),
    path("don-vi/<int:pk>/bo-nhiem/", admin.Appoint.as_view(), name="appoint"),
    path("bo-nhiem/<int:pk>/ket-thuc/", admin.EndAppointment.as_view(), name="end-appointment"),
    path("nguoi-dung/", admin.People.as_view(), name="people"),
    path("nguoi-dung/<int:pk>/", admin.PersonPage.as_view(), name="person"),
    path("nguoi-dung/<int:pk>/khoa/", admin.CloseAccount.as_view(), name="close-account"),
    path("xu-ly-thay/", own.Delegations.as_view(), name="delegations"),
    path("xu-ly-thay/<int:pk>/thu-hoi/", own.Revoke.as_view(), name="revoke-delegation"),
    path("ca-nhan/", own.Profile.as_view(), name="profile"),
    path("chuyen-vai-tro/", own.SwitchPost.as_view(), name="switch-post"),
]
