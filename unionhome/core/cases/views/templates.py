"""Reply templates: kept by a union for itself and those below it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from unionhome.core.access.doors import door, put_refusal
from unionhome.core.cases import actions, queries
from unionhome.core.cases.forms import TemplateForm
from unionhome.core.cases.rules import PLACEHOLDERS
from unionhome.core.registry import Actor, Refused


@require_http_methods(["GET", "POST"])
@door("desk", "cases.view")
def template_list(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Templates of the branch, those that come from above, and the form of a new one."""
    union = queries.find_own_union(actor)
    form, status = TemplateForm(request.POST or None), 200
    if request.method == "POST":
        try:
            if form.is_valid():
                clean = form.cleaned_data
                actions.write_template(actor, title=clean["title"], text=clean["text"], submit_key=clean["submit_key"])
                messages.success(request, "已存好，答复职工时点一下就能用，下级工会也能用。")
                return redirect("cases:templates")
            status = 400
        except Refused as refusal:
            status = put_refusal(form, refusal)
    context = {
        "rows": list(queries.list_templates(actor)[:200]),
        "inherited": list(queries.list_inherited(union)[:100]) if union else [],
        "form": form,
        "union": union,
        "may_write": union is not None and actor.may("cases.templates", union.path),
        "placeholders": PLACEHOLDERS.items(),
    }
    return render(request, "cases/templates.html", context, status=status)


@require_http_methods(["GET", "POST"])
@door("desk", "cases.templates")
def template_page(request: HttpRequest, actor: Actor, template_id: int) -> HttpResponse:
    """Change one template."""
    row = queries.get_template(actor, template_id)
    form, status = TemplateForm(request.POST or None, initial={"title": row.title, "text": row.text}), 200
    if request.method == "POST":
        try:
            if form.is_valid():
                actions.change_template(
                    actor, template_id, title=form.cleaned_data["title"], text=form.cleaned_data["text"]
                )
                messages.success(request, "已改好。以前发出的答复不变。")
                return redirect("cases:templates")
            status = 400
        except Refused as refusal:
            status = put_refusal(form, refusal)
    context = {
        "row": row,
        "form": form,
        "may_write": row.ended_at is None and actor.may("cases.templates", row.node.path),
        "placeholders": PLACEHOLDERS.items(),
    }
    return render(request, "cases/template.html", context, status=status)


@require_POST
@door("desk", "cases.templates")
def end(request: HttpRequest, actor: Actor, template_id: int) -> HttpResponse:
    """Offer a template no more."""
    actions.end_template(actor, template_id)
    messages.success(request, "已停用，不再出现在答复框旁边。")
    return redirect("cases:templates")
