from django.urls import path

from unionhome.core.periods import views

app_name = "periods"
urlpatterns = [
    path("desk/periods/", views.closings, name="list"),
    path("desk/periods/<int:pk>/reopen/", views.reopen, name="reopen"),
]
