"""Addresses of deeds: the desk's, the worker's, everybody's."""

from django.urls import path

from unionhome.services.deeds import views

app_name = "deeds"
urlpatterns = [
    path("desk/deeds/", views.deed_list, name="list"),
    path("desk/deeds/new/", views.new, name="new"),
    path("desk/deeds/unions/", views.unions, name="unions"),
    path("desk/deeds/from/<int:case_id>/", views.from_case, name="from_case"),
    path("desk/deeds/<int:deed_id>/", views.deed_page, name="deed"),
    path("desk/deeds/<int:deed_id>/do/<slug:verb>/", views.take_step, name="step"),
    path("desk/deeds/<int:deed_id>/needs/<int:case_id>/out/", views.untie, name="untie"),
    path("desk/deeds/<int:deed_id>/files/<int:file_id>/", views.deed_file, name="file"),
    path("my/deeds/", views.mine, name="mine"),
    path("my/deeds/<int:deed_id>/", views.rate, name="rate"),
    path("open/deeds/", views.public_list, name="public"),
    path("open/deeds/<int:deed_id>/", views.public_deed, name="public_deed"),
    path("open/deeds/<int:deed_id>/files/<int:file_id>/", views.public_file, name="public_file"),
]
