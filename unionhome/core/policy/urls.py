from django.urls import path

from unionhome.core.policy import views

app_name = "policy"
urlpatterns = [
    path("desk/policies/", views.policy_list, name="list"),
    path("desk/policies/<str:key>/", views.policy_page, name="policy"),
    path("desk/policies/<str:key>/set/", views.value_set, name="set"),
    path("desk/calendar/", views.calendar_now, name="calendar"),
    path("desk/calendar/<int:year>/", views.calendar_year, name="year"),
    path("desk/calendar/<int:year>/set/", views.calendar_set, name="set_year"),
]
