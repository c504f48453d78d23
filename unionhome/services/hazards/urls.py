"""Addresses of hazards: reporting one, following another, and the union's own steps."""

from django.urls import path

from unionhome.services.hazards import views

app_name = "hazards"
urlpatterns = [
    path("open/hazards/", views.report, name="report"),
    path("open/hazards/<slug:receipt>/follow/", views.follow_by_receipt, name="receipt_follow"),
    path("my/hazards/<int:case_id>/follow/", views.follow, name="follow"),
    path("desk/hazards/", views.hazard_list, name="list"),
    path("desk/hazards/outside/", views.outside, name="outside"),
    path("desk/hazards/outside/read/", views.read_services, name="read_services"),
    path("desk/hazards/<int:case_id>/take/<slug:verb>/", views.take, name="take"),
]
