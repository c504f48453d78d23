from django.urls import path

from unionhome.core.figures import views

app_name = "figures"
urlpatterns = [
    path("desk/board/", views.board, name="board"),
    path("desk/figures/", views.figure_list, name="list"),
    path("desk/figures/<str:code>/", views.figure_page, name="figure"),
    path("desk/figures/<str:code>/export/", views.figure_export, name="export"),
    path("desk/review/", views.review_now, name="review_now"),
    path("desk/review/<int:year>/", views.review_page, name="review"),
]
