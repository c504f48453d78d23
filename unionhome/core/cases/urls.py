"""Addresses of cases: the desk's, and the worker's own with and without an account; those of Open311."""

from django.urls import path

from unionhome.core.cases.views import categories, desk, group, handovers, mine, notes, open311, rules, templates

app_name = "cases"
urlpatterns = [
    path("desk/cases/", desk.case_list, name="list"),
    path("desk/cases/export.xlsx", desk.case_export, name="export"),
    path("desk/cases/<int:case_id>/", desk.case_page, name="case"),
    path("desk/cases/<int:case_id>/write/", desk.write, name="write"),
    path("desk/cases/<int:case_id>/step/<slug:verb>/", desk.take_step, name="step"),
    path("desk/cases/<int:case_id>/stamp/<slug:clock>/", desk.stamp, name="stamp"),
    path("desk/cases/<int:case_id>/refer/", desk.refer, name="refer"),
    path("desk/cases/<int:case_id>/category/", categories.reroute, name="reroute"),
    path("desk/cases/<int:case_id>/handover/", handovers.hand_over, name="hand_over"),
    path("desk/cases/<int:case_id>/handover/<int:handover_id>/", handovers.hear, name="hear"),
    path("desk/cases/<int:case_id>/follow/", desk.follow, name="follow"),
    path("desk/cases/<int:case_id>/reached/", desk.reached, name="reached"),
    path("desk/cases/<int:case_id>/assign/", desk.assign, name="assign"),
    path("desk/cases/<int:case_id>/checks/<slug:code>/", desk.check, name="check"),
    path("desk/cases/<int:case_id>/group/", group.group_page, name="group"),
    path("desk/cases/<int:case_id>/group.png", group.group_picture, name="group_picture"),
    path("desk/cases/<int:case_id>/phone/", desk.phone, name="phone"),
    path("desk/cases/<int:case_id>/notes/<int:note_id>/", notes.unseal, name="note"),
    path("desk/cases/<int:case_id>/files/<int:file_id>/", desk.case_file, name="file"),
    path("desk/cases/escalation/", rules.rule_list, name="rules"),
    path("desk/cases/escalation/<int:rule_id>/", rules.rule_page, name="rule"),
    path("desk/cases/escalation/<int:rule_id>/simulate/", rules.simulate, name="simulate_rule"),
    path("desk/cases/escalation/<int:rule_id>/on/", rules.switch_on, name="switch_rule_on"),
    path("desk/cases/escalation/<int:rule_id>/end/", rules.end, name="end_rule"),
    path("desk/cases/templates/", templates.template_list, name="templates"),
    path("desk/cases/templates/<int:template_id>/", templates.template_page, name="template"),
    path("desk/cases/templates/<int:template_id>/end/", templates.end, name="end_template"),
    path("my/matters/", mine.matter_list, name="mine"),
    path("my/matters/<int:case_id>/", mine.matter, name="own"),
    path("my/matters/<int:case_id>/<slug:act>/", mine.act, name="act"),
    path("my/matters/<int:case_id>/files/<int:file_id>/", mine.matter_file, name="own_file"),
    path("open/matters/<slug:receipt>/", mine.matter_by_receipt, name="receipt"),
    path("open/matters/<slug:receipt>/<slug:act>/", mine.act_by_receipt, name="receipt_act"),
    path("open/matters/<slug:receipt>/files/<int:file_id>/", mine.file_by_receipt, name="receipt_file"),
    path("open/311/discovery.<slug:form>", open311.discovery, name="open311_discovery"),
    path("open/311/v2/services.<slug:form>", open311.service_list, name="open311_services"),
    path("open/311/v2/services/<slug:code>.<slug:form>", open311.service_definition, name="open311_service"),
    path("open/311/v2/requests.<slug:form>", open311.request_list, name="open311_requests"),
    path("open/311/v2/requests/<slug:number>.<slug:form>", open311.one_request, name="open311_request"),
    path("open/311/v2/tokens/<slug:receipt>.<slug:form>", open311.number_of_token, name="open311_token"),
]
