from django.urls import path

from unionhome.core.organizations import views

app_name = "organizations"
urlpatterns = [
    path("desk/organizations/", views.tree, name="tree"),
    path("desk/organizations/found/", views.found, name="found"),
    path("desk/organizations/<int:node_id>/", views.organization, name="organization"),
    path("desk/organizations/<int:node_id>/facts/", views.facts, name="facts"),
    path("desk/organizations/<int:node_id>/rename/", views.rename, name="rename"),
    path("desk/organizations/<int:node_id>/move/", views.move, name="move"),
    path("open/unions/", views.finder, name="finder"),
    path("open/divisions/", views.divisions, name="divisions"),
]
