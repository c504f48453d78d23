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
    path("desk/organizations/<int:node_id>/relocate/", views.relocate, name="relocate"),
    path("desk/organizations/<int:node_id>/merge/", views.merge, name="merge"),
    path("desk/organizations/<int:node_id>/split/", views.split, name="split"),
    path("desk/organizations/<int:node_id>/dissolve/", views.dissolve, name="dissolve"),
    path("desk/organizations/<int:node_id>/changes/", views.changes, name="changes"),
    path("desk/organizations/<int:node_id>/committees/", views.committees, name="committees"),
    path("desk/organizations/<int:node_id>/committees/seats/", views.seats, name="seats"),
    path("desk/organizations/<int:node_id>/committees/appoint/", views.appoint, name="appoint"),
    path("desk/organizations/<int:node_id>/cover/", views.cover, name="cover"),
    path("desk/officers/<int:officer_id>/end/", views.end_officer, name="end_officer"),
    path("desk/dissolutions/<int:dissolution_id>/", views.dissolution, name="dissolution"),
    path("desk/dissolutions/<int:dissolution_id>/place/", views.place_members, name="place_members"),
    path("desk/dissolutions/<int:dissolution_id>/approve/", views.approve_dissolution, name="approve_dissolution"),
    path("desk/dissolutions/<int:dissolution_id>/file/", views.file_dissolution, name="file_dissolution"),
    path("desk/dissolutions/<int:dissolution_id>/cancel/", views.cancel_dissolution, name="cancel_dissolution"),
    path("desk/employers/", views.employers, name="employers"),
    path("desk/employers/enter/", views.enter_employer, name="enter_employer"),
    path("desk/employers/<int:employer_id>/", views.employer, name="employer"),
    path("desk/employers/<int:employer_id>/change/", views.change_employer, name="change_employer"),
    path("desk/covers/<int:cover_id>/end/", views.end_cover, name="end_cover"),
    path("open/unions/", views.finder, name="finder"),
    path("open/divisions/", views.divisions, name="divisions"),
]
