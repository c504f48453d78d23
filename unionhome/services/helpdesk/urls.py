"""Addresses of needs: asking, writing one down for a worker, and the orders of the 12351 hotline."""

from django.urls import path

from unionhome.services.helpdesk.views import asking, helped, hotline, placing

app_name = "helpdesk"
urlpatterns = [
    path("open/help/", asking.ask, name="ask"),
    path("open/help/route/", asking.route, name="route"),
    path("open/help/place/", placing.place, name="place"),
    path("desk/help/new/", asking.register, name="register"),
    path("desk/help/share/", asking.share, name="share"),
    path("desk/help/share/code.png", asking.share_code, name="share_code"),
    path("desk/help/share/card.png", asking.share_picture, name="share_picture"),
    path("desk/help/helped/", helped.helped_desk, name="helped"),
    path("desk/cases/<int:case_id>/slip/", helped.slip, name="slip"),
    path("desk/cases/<int:case_id>/helper/", helped.helper_phone, name="helper_phone"),
    path("desk/cases/<int:case_id>/caller/<int:person_id>/", helped.caller, name="caller"),
    path("my/helped/", helped.helped_mine, name="helped_mine"),
    path("desk/help/hotline/", hotline.orders, name="orders"),
    path("desk/help/hotline/new/", hotline.order_new, name="order_new"),
    path("desk/help/hotline/return.xlsx", hotline.order_return, name="order_return"),
    path("desk/help/hotline/sheets/", hotline.sheet_list, name="sheets"),
    path("desk/help/hotline/sheets/template/", hotline.sheet_template, name="sheet_template"),
    path("desk/help/hotline/sheets/<int:pk>/", hotline.sheet, name="sheet"),
    path("desk/help/hotline/sheets/<int:pk>/words/", hotline.sheet_words, name="sheet_words"),
    path("desk/help/hotline/sheets/<int:pk>/apply/", hotline.sheet_apply, name="sheet_apply"),
    path("desk/help/hotline/sheets/<int:pk>/resume/", hotline.sheet_resume, name="sheet_resume"),
    path("desk/help/hotline/sheets/<int:pk>/cancel/", hotline.sheet_cancel, name="sheet_cancel"),
    path("desk/help/hotline/sheets/<int:pk>/refused/", hotline.sheet_refused, name="sheet_refused"),
    path("desk/help/hotline/sheets/<int:pk>/result/", hotline.sheet_result, name="sheet_result"),
]
