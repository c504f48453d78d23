from django.urls import path

from unionhome.core.members.views import applications, desk, matters, mine, mine_join

app_name = "members"
urlpatterns = [
    path("desk/members/", desk.member_list, name="list"),
    path("desk/members/<int:pk>/", desk.member, name="member"),
    path("desk/members/<int:pk>/open/<slug:part>/", desk.open_part, name="open"),
    path("desk/members/<int:pk>/looks/", desk.looks, name="looks"),
    path("desk/members/<int:pk>/correct/", desk.correct, name="correct"),
    path("desk/cards/<slug:code>/", desk.scan_card, name="scan"),
    path("desk/applications/", applications.application_list, name="applications"),
    path("desk/applications/<int:pk>/", applications.application, name="application"),
    path("desk/applications/<int:pk>/open/<slug:part>/", applications.open_part, name="application_open"),
    path("desk/applications/<int:pk>/approve/", applications.approve, name="approve"),
    path("desk/applications/<int:pk>/return/", applications.return_to_worker, name="return_to_worker"),
    path("desk/applications/<int:pk>/decline/", applications.decline, name="decline"),
    path("desk/applications/<int:pk>/forward/", applications.forward, name="forward"),
    path("desk/leavings/<int:pk>/", matters.leaving, name="leaving"),
    path("desk/leavings/<int:pk>/confirm/", matters.confirm_leaving, name="confirm_leaving"),
    path("desk/corrections/<int:pk>/", matters.correction, name="correction"),
    path("desk/corrections/<int:pk>/accept/", matters.accept_correction, name="accept_correction"),
    path("desk/corrections/<int:pk>/decline/", matters.decline_correction, name="decline_correction"),
    path("my/join/", mine_join.join, name="join"),
    path("my/join/send/", mine_join.send, name="join_send"),
    path("my/join/again/", mine_join.again, name="join_again"),
    path("my/join/cancel/", mine_join.cancel, name="join_cancel"),
    path("my/card/", mine.card, name="card"),
    path("my/card/show/<slug:part>/", mine.show, name="card_show"),
    path("my/card/looks/", mine.looks, name="card_looks"),
    path("my/card/consents/", mine.consent, name="card_consent"),
    path("my/card/correct/", mine.correct, name="card_correct"),
    path("my/card/corrections/<int:pk>/cancel/", mine.cancel_correction, name="card_correct_cancel"),
    path("my/card/export/<slug:form>/", mine.export, name="card_export"),
    path("my/card/leave/", mine.leave, name="card_leave"),
    path("my/card/leave/cancel/", mine.cancel_leaving, name="card_leave_cancel"),
]
