from django.urls import path

from unionhome.core.records import views

app_name = "records"
urlpatterns = [
    path("desk/records/", views.record_list, name="list"),
    path("desk/records/person/<int:person_id>/", views.person_list, name="person"),
    path("my/records/", views.mine_list, name="mine"),
]
