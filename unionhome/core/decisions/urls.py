from django.urls import path

from unionhome.core.decisions.views import items, meetings

app_name = "decisions"
urlpatterns = [
    path("desk/decisions/", items.item_list, name="list"),
    path("desk/decisions/new/", items.new, name="new"),
    path("desk/decisions/<int:item_id>/", items.item_page, name="item"),
    path("desk/decisions/<int:item_id>/item/<slug:act>/", items.take_step, name="step"),
    path("desk/decisions/<int:item_id>/opinion/<slug:side>/", items.opine, name="opine"),
    path("desk/decisions/<int:item_id>/sheet/", items.issue_sheet, name="sheet"),
    path("desk/decisions/<int:item_id>/files/<int:file_id>/", items.material, name="file"),
    path("desk/meetings/", meetings.meeting_list, name="meetings"),
    path("desk/meetings/new/", meetings.new, name="new_meeting"),
    path("desk/meetings/<int:meeting_id>/", meetings.meeting_page, name="meeting"),
    path("desk/meetings/<int:meeting_id>/agenda/", meetings.agenda, name="agenda"),
    path("desk/meetings/<int:meeting_id>/outcomes/", meetings.outcomes, name="outcomes"),
    path("desk/meetings/<int:meeting_id>/meeting/<slug:act>/", meetings.take_step, name="meeting_step"),
    path("desk/meetings/<int:meeting_id>/judge/<slug:act>/", meetings.judge, name="judge"),
    path("desk/meetings/<int:meeting_id>/sheet/", meetings.issue_agenda, name="agenda_sheet"),
    path("desk/meetings/<int:meeting_id>/files/<int:file_id>/", meetings.scan, name="scan"),
]
