from django.urls import path

from unionhome.core.papers import views

app_name = "papers"
urlpatterns = [
    path("desk/papers/", views.paper_list, name="list"),
    path("desk/papers/<int:pk>/", views.paper, name="paper"),
    path("desk/papers/<int:pk>/pdf/", views.pdf, name="pdf"),
    path("desk/papers/<int:pk>/print/", views.print_paper, name="print"),
    path("desk/papers/<int:pk>/rewrite/", views.rewrite, name="rewrite"),
    path("desk/papers/<int:pk>/seal/", views.seal, name="seal"),
    path("desk/papers/<int:pk>/void/", views.void, name="void"),
    path("desk/papers/<int:pk>/scans/<int:place>/", views.scan, name="scan"),
]
