from django.urls import path

from unionhome.core.figures import views

app_name = "figures"
urlpatterns = [
    path("desk/board/", views.board, name="board"),
    path("desk/figures/", views.figure_list, name="list"),
    path("desk/figures/published/", views.publications, name="publications"),
    path("desk/figures/published/new/", views.publication_new, name="publication_new"),
    path("desk/figures/published/proof/", views.proof, name="proof"),
    path("desk/figures/published/<int:pk>/", views.publication, name="publication"),
    path("desk/figures/published/<int:pk>/moves/<slug:verb>/", views.publication_step, name="publication_step"),
    path("desk/figures/frozen/<slug:public_id>/", views.frozen, name="frozen"),
    path("desk/figures/frozen/<slug:public_id>/export/", views.frozen_export, name="frozen_export"),
    path("desk/figures/keys/", views.signing_keys, name="signing_keys"),
    path("desk/figures/<str:code>/", views.figure_page, name="figure"),
    path("desk/figures/<str:code>/export/", views.figure_export, name="export"),
    path("desk/review/", views.review_now, name="review_now"),
    path("desk/review/<int:year>/", views.review_page, name="review"),
    path("open/verify/", views.verify_start, name="verify_start"),
    path("open/verify/program/", views.verify_program, name="verify_program"),
    path("open/verify/<slug:public_id>/", views.verify, name="verify"),
    path("open/verify/<slug:public_id>/proof/", views.verify_proof, name="verify_proof"),
    path("open/keys/<str:code>/", views.keys, name="keys"),
]
