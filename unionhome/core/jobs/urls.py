from django.urls import path

from unionhome.core.jobs import views

app_name = "jobs"
urlpatterns = [
    path("desk/jobs/", views.job_list, name="list"),
    path("desk/jobs/<int:job_id>/retry/", views.job_retry, name="retry"),
]
