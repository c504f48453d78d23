from django.urls import path

from unionhome.core.figures import views

app_name = "figures"
urlpatterns = [
    path("desk/board/", views.board, name="board"),
    path("desk/board/screen/", views.screen, name="screen"),
    path("desk/figures/", views.figure_list, name="list"),
    path("desk/figures/table/", views.table, name="table"),
    path("desk/figures/table/<slug:form>/", views.table_export, name="table_export"),
    path("desk/figures/outside/", views.outside_list, name="outside"),
    path("desk/figures/outside/new/", views.outside_new, name="outside_new"),
    path("desk/figures/outside/<int:pk>/", views.outside_one, name="outside_one"),
    path("desk/figures/outside/<int:pk>/files/<int:place>/", views.outside_file, name="outside_file"),
    path("desk/figures/<str:code>/", views.figure_page, name="figure"),
    path("desk/figures/<str:code>/export/", views.figure_export, name="export"),
    path("desk/review/", views.review_now, name="review_now"),
    path("desk/review/<int:year>/", views.review_page, name="review"),
    path("desk/reviews/", views.review_list, name="reviews"),
    path("desk/reviews/begin/", views.review_begin, name="begin"),
    path("desk/reviews/<int:pk>/", views.draft, name="draft"),
    path("desk/reviews/<int:pk>/title/", views.headline, name="headline"),
    path("desk/reviews/<int:pk>/arrange/", views.arrange, name="arrange"),
    path("desk/reviews/<int:pk>/preview/", views.preview, name="preview"),
    path("desk/reviews/<int:pk>/sections/<slug:key>/", views.section, name="section"),
    path("desk/reviews/<int:pk>/document/<slug:form>/", views.document, name="document"),
]
