"""Addresses of messages: one's own on the phone and at the desk, and the administrator's list."""

from django.urls import path

from unionhome.core.notices import views

app_name = "notices"
urlpatterns = [
    path("my/notices/", views.mine, name="mine"),
    path("my/notices/read/", views.mine_read, name="mine_read"),
    path("my/notices/<int:notice_id>/read/", views.my_notice_read, name="my_notice_read"),
    path("desk/notices/", views.own, name="own"),
    path("desk/notices/read/", views.own_read, name="own_read"),
    path("desk/notices/<int:notice_id>/read/", views.own_notice_read, name="own_notice_read"),
    path("desk/notices/sent/", views.sent, name="sent"),
    path("desk/notices/sent/<int:notice_id>/again/", views.again, name="again"),
]
