"""Desk addresses of cases."""

from django.urls import path

from unionhome.core.cases import views

app_name = "cases"
urlpatterns = [
    path("desk/cases/", views.case_list, name="list"),
    path("desk/cases/export.xlsx", views.case_export, name="export"),
    path("desk/cases/<int:case_id>/", views.case_page, name="case"),
    path("desk/cases/<int:case_id>/write/", views.write, name="write"),
    path("desk/cases/<int:case_id>/step/<slug:verb>/", views.take_step, name="step"),
    path("desk/cases/<int:case_id>/stamp/<slug:clock>/", views.stamp, name="stamp"),
    path("desk/cases/<int:case_id>/refer/", views.refer, name="refer"),
    path("desk/cases/<int:case_id>/assign/", views.assign, name="assign"),
    path("desk/cases/<int:case_id>/phone/", views.phone, name="phone"),
    path("desk/cases/<int:case_id>/files/<int:file_id>/", views.case_file, name="file"),
]
