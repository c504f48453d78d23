"""Addresses of deeds: the desk's, the worker's, everybody's."""

from django.urls import path

from unionhome.services.deeds.views import desk, mine, public

app_name = "deeds"
urlpatterns = [
    path("desk/deeds/", desk.deed_list, name="list"),
    path("desk/deeds/export.xlsx", desk.deed_export, name="export"),
    path("desk/deeds/new/", desk.new, name="new"),
    path("desk/deeds/unions/", desk.unions, name="unions"),
    path("desk/deeds/from/<int:case_id>/", desk.from_case, name="from_case"),
    path("desk/deeds/<int:deed_id>/", desk.deed_page, name="deed"),
    path("desk/deeds/<int:deed_id>/do/<slug:verb>/", desk.take_step, name="step"),
    path("desk/deeds/<int:deed_id>/needs/<int:case_id>/out/", desk.untie, name="untie"),
    path("desk/deeds/<int:deed_id>/files/<int:file_id>/", desk.deed_file, name="file"),
    path("my/deeds/", mine.mine, name="mine"),
    path("my/deeds/<int:deed_id>/", mine.rate, name="rate"),
    path("open/deeds/", public.public_list, name="public"),
    path("open/deeds/<int:deed_id>/", public.public_deed, name="public_deed"),
    path("open/deeds/<int:deed_id>/files/<int:file_id>/", public.public_file, name="public_file"),
]
