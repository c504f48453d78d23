"""Employers: the list, one with the unions it has had, and the forms that keep them."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from unionhome.core.access.doors import door
from unionhome.core.organizations import actions, queries, rules
from unionhome.core.organizations.forms import CoverForm, EmployerFilterForm, EmployerForm, EndCoverForm, take_refusal
from unionhome.core.organizations.models import Employer
from unionhome.core.registry import Actor, Forbidden, Refused
from unionhome.kit import forms

PAGE = 50
FILTER_NAMES = ("q", "union", "party", "nature", "industry")
LABELS = (("union", "工会"), ("party", "党组织"), ("nature", "性质"), ("industry", "行业"))
NAMES = {"division_code": "place", "employer": "employer_name"}


@require_safe
@door("desk", "organizations.view")
def employers(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The employers in the actor's sight, page by page."""
    form = EmployerFilterForm(request.GET)
    filters = form.filters()
    page = Paginator(queries.list_employers_by(actor, filters), PAGE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "page": page,
        "counts": _counts(actor, filters),
        "filters": _filter_bar(request, form),
        "is_filtered": bool(filters),
        "clear_url": reverse("organizations:employers"),
        "hidden": [(name, request.GET[name]) for name in FILTER_NAMES[1:] if request.GET.get(name)],
        "may_enter": queries.may_enter_employers(actor),
    }
    return render(request, "organizations/employers.html", context)


def _url(**given: str) -> str:
    query = urlencode({name: value for name, value in given.items() if value})
    return f"{reverse('organizations:employers')}{'?' if query else ''}{query}"


def _counts(actor: Actor, filters: queries.EmployerFilters) -> list[dict[str, Any]]:
    sums = queries.count_employers(actor)
    rows: tuple[tuple[str, int, str, dict[str, str]], ...] = (
        ("全部单位", sums.total, "", {}),
        ("没有工会", sums.without_union, "还没有建会，也没有联合工会覆盖", {"union": "without"}),
        ("联合工会覆盖", sums.joint, "和独立建会的分开计", {"union": "joint"}),
        ("有党组织", sums.with_party, "按登记的名称", {"party": "with"}),
    )
    return [
        {
            "label": label,
            "value": value,
            "note": note,
            "url": _url(**given),
            "active": filters == queries.EmployerFilters(**given),
            "tone": "amber" if label == "没有工会" and value else "ink",
        }
        for label, value, note, given in rows
    ]


def _filter_bar(request: HttpRequest, form: EmployerFilterForm) -> list[dict[str, Any]]:
    bar = []
    for name, label in LABELS:
        chosen = form.cleaned_data.get(name, "")
        choices = dict(form.fields[name].choices)  # type: ignore[attr-defined]
        others = {each: request.GET.get(each, "") for each in FILTER_NAMES if each != name}
        bar.append(
            {
                "label": label,
                "value": choices[chosen] if chosen else "",
                "active": bool(chosen),
                "clear_url": _url(**others),
                "options": [
                    {"label": words, "url": _url(**others, **{name: value}), "active": value == chosen}
                    for value, words in choices.items()
                ],
            }
        )
    return bar


@require_safe
@door("desk", "organizations.view")
def employer(request: HttpRequest, actor: Actor, employer_id: int) -> HttpResponse:
    """What is known of an employer, and which unions it has had."""
    found = queries.get_employer(actor, employer_id)
    path = found.union.path if found.union else None
    keeps = queries.may_keep(actor, found.division.prefix, path)
    context = {
        "employer": found,
        "facts": _facts(found),
        "coverings": _coverings(actor, found),
        "keeps": keeps,
    }
    return render(request, "organizations/employer.html", context)


def _facts(found: Employer) -> list[dict[str, Any]]:
    women = found.women_count
    counts = [f"{found.workers_count} 人" if found.workers_count is not None else "", f"女 {women} 人" if women else ""]
    rows = (
        ("统一社会信用代码", found.uscc or "没有登记"),
        ("所在地", queries.get_division_text(found.division)),
        ("单位性质", found.get_nature_display() or "没有登记"),
        ("所属行业", found.get_industry_display() or "没有登记"),
        ("规模", found.get_size_display() or "没有登记"),
        ("职工人数", "，".join(filter(None, counts)) or "没有登记"),
        ("单位党组织", found.party_organization or "没有登记"),
    )
    return [{"label": label, "value": value} for label, value in rows]


def _coverings(actor: Actor, found: Employer) -> list[dict[str, Any]]:
    return [
        {
            "cover": cover,
            "url": reverse("organizations:organization", args=[cover.node_id])
            if actor.may("organizations.view", cover.node.path)
            else "",
            "end_url": reverse("organizations:end_cover", args=[cover.pk])
            if cover.ends_on is None
            and cover.node.organization.form != "single"
            and actor.may("organizations.manage", cover.node.path)
            and queries.get_reach(actor, cover.node.path).manages
            else "",
        }
        for cover in queries.list_coverings(found)
    ]


@door("desk", "organizations.manage")
def enter_employer(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Enter an employer of the own area."""
    if not queries.may_enter_employers(actor):
        raise Forbidden("单位由当地工会登记，企业工会的单位在建会时登记。")
    form = EmployerForm(request.POST or None)

    def act() -> str:
        made = actions.enter_employer(actor, form.facts())
        messages.success(request, f"已登记{made.name}。")
        return reverse("organizations:employer", args=[made.pk])

    back = reverse("organizations:employers")
    crumbs = [("单位", back)]
    return _answer(request, form, act, title="登记单位", button="登记单位", back=back, crumbs=crumbs)


@door("desk", "organizations.manage")
def change_employer(request: HttpRequest, actor: Actor, employer_id: int) -> HttpResponse:
    """Change what is known of an employer."""
    found = queries.get_employer(actor, employer_id)
    if not queries.may_keep(actor, found.division.prefix, found.union.path if found.union else None):
        raise Forbidden("这家单位由当地工会或它的上级工会登记。")
    form = EmployerForm(request.POST or None, initial=EmployerForm.initial_of(found))
    back = reverse("organizations:employer", args=[found.pk])

    def act() -> str:
        actions.change_employer(actor, employer_id, form.facts())
        messages.success(request, f"{found.name}：资料已更新。")
        return back

    crumbs = [("单位", reverse("organizations:employers")), (found.name, back)]
    return _answer(request, form, act, title="改单位资料", button="保存资料", back=back, crumbs=crumbs)


@door("desk", "organizations.manage")
def cover(request: HttpRequest, actor: Actor, node_id: int) -> HttpResponse:
    """Note that a joint union organises an employer from a day on."""
    here = queries.get_organization(actor, node_id)
    queries.get_reach(actor, here.node.path).check()
    initial: dict[str, Any] = {"on": timezone.localdate(actor.at), "place": here.division_id}
    asked = request.GET.get("employer", "")
    if asked.isascii() and asked.isdigit() and len(asked) < 12:
        initial |= EmployerForm.initial_of(queries.get_employer(actor, int(asked)))
    form = CoverForm(request.POST or None, initial=initial)
    back = reverse("organizations:organization", args=[node_id])

    def act() -> str:
        done = actions.cover_employer(actor, here.node, form.facts(), on=form.cleaned_data["on"])
        messages.success(request, f"{here.node.name}覆盖了{done.employer.name}。")
        return back

    note = "" if here.form in rules.COVERING else "独立基层工会只管本单位，几家单位的请建联合基层工会。"
    note = note or "单位已经登记过的，写对名称和所在地（或代码）就会用原来的登记，不会重复。"
    crumbs = [("组织", reverse("organizations:tree")), (here.node.name, back)]
    return _answer(request, form, act, title="增加覆盖单位", button="增加覆盖单位", back=back, crumbs=crumbs, note=note)


@door("desk", "organizations.manage")
def end_cover(request: HttpRequest, actor: Actor, cover_id: int) -> HttpResponse:
    """Note that a union no longer organises an employer."""
    found = queries.get_cover(actor, cover_id)
    queries.get_reach(actor, found.node.path).check()
    form = EndCoverForm(request.POST or None, initial={"on": timezone.localdate(actor.at)})
    back = reverse("organizations:employer", args=[found.employer_id])

    def act() -> str:
        values = form.cleaned_data
        actions.end_cover(actor, cover_id, on=values["on"], reason=values["reason"])
        messages.success(request, f"{found.node.name}不再覆盖{found.employer.name}。")
        return reverse("organizations:organization", args=[found.node_id])

    note = "单位的会员还在原来的工会，会籍另行办理转接；要连会员一起分出去，请办“分立”。"
    crumbs = [("单位", reverse("organizations:employers")), (found.employer.name, back)]
    return _answer(request, form, act, title="不再覆盖", button="不再覆盖", back=back, crumbs=crumbs, note=note)


def _answer(request: HttpRequest, form: forms.Form, act: Callable[[], str], **context: Any) -> HttpResponse:
    status = 200
    if request.method == "POST" and not form.is_valid():
        status = 400
    elif request.method == "POST":
        try:
            return redirect(act())
        except Refused as refusal:
            if refusal.status in (403, 404):
                raise
            take_refusal(form, refusal.fields, refusal.sentence, NAMES)
            status = refusal.status
    return render(request, "organizations/employer_form.html", context | {"form": form}, status=status)
