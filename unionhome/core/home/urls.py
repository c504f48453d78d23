"""The start pages of each door, the inbox and the search."""

from django.urls import path

from unionhome.core.home import views

app_name = "home"
urlpatterns = [
    path("", views.landing, name="landing"),
    path("open/", views.open_home, name="open"),
    path("desk/", views.desk, name="desk"),
    path("desk/inbox/", views.inbox, name="inbox"),
    path("desk/inbox/give/", views.give, name="give"),
    path("desk/search/", views.search, name="search"),
    path("my/", views.my_home, name="my"),
    path("my/services/", views.services, name="services"),
    path("my/messages/", views.news, name="messages"),
]
