"""The workflow room has no pages of its own: the inbox stands in the home room."""

from django.urls import URLPattern

app_name = "workflow"
urlpatterns: list[URLPattern] = []
