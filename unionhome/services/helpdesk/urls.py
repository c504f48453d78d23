"""Addresses of needs: asking, and writing one down for a worker."""

from django.urls import path

from unionhome.services.helpdesk import views

app_name = "helpdesk"
urlpatterns = [
    path("open/help/", views.ask, name="ask"),
    path("open/help/route/", views.route, name="route"),
    path("desk/help/new/", views.register, name="register"),
    path("desk/help/share/", views.share, name="share"),
    path("desk/help/share/code.png", views.share_code, name="share_code"),
]
