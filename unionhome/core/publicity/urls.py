"""Addresses of public notices: the desk's and everybody's."""

from django.urls import path

from unionhome.core.publicity.views import desk, public

app_name = "publicity"
urlpatterns = [
    path("desk/publicity/", desk.notice_list, name="list"),
    path("desk/publicity/new/", desk.new, name="new"),
    path("desk/publicity/<int:publicity_id>/", desk.notice_page, name="notice"),
    path("desk/publicity/<int:publicity_id>/act/<slug:verb>/", desk.take_step, name="step"),
    path("desk/publicity/<int:publicity_id>/whole/", desk.whole, name="whole"),
    path("desk/publicity/<int:publicity_id>/photos/<int:photo_id>/", desk.photo, name="photo"),
    path("desk/objections/<int:objection_id>/", desk.objection_page, name="objection"),
    path("desk/objections/<int:objection_id>/letters/<int:letter_id>/", desk.letter, name="letter"),
    path("open/notices/", public.open_list, name="open_list"),
    path("open/notices/<slug:notice>/", public.open_notice, name="open_notice"),
    path("open/notices/<slug:notice>/check/", public.check, name="check"),
    path("open/notices/<slug:notice>/object/", public.object_to, name="object"),
    path("open/objections/<slug:receipt>/", public.receipt, name="receipt"),
]
