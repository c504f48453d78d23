"""Addresses of needs: asking, following, rating; and writing one down for a worker."""

from django.urls import path

from unionhome.services.helpdesk import views

app_name = "helpdesk"
urlpatterns = [
    path("open/help/", views.ask, name="ask"),
    path("open/help/route/", views.route, name="route"),
    path("open/matters/<slug:receipt>/", views.matter_by_receipt, name="receipt"),
    path("open/matters/<slug:receipt>/<slug:act>/", views.act_by_receipt, name="receipt_act"),
    path("open/matters/<slug:receipt>/files/<int:file_id>/", views.file_by_receipt, name="receipt_file"),
    path("my/matters/", views.matter_list, name="mine"),
    path("my/matters/<int:case_id>/", views.matter, name="matter"),
    path("my/matters/<int:case_id>/<slug:act>/", views.act, name="act"),
    path("my/matters/<int:case_id>/files/<int:file_id>/", views.matter_file, name="file"),
    path("desk/help/new/", views.register, name="register"),
]
