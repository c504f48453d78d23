"""The tree browser and the page of one union."""

from datetime import date
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode

from unionhome.core.access.doors import door
from unionhome.core.organizations import queries, rules, screens
from unionhome.core.organizations.forms import FilterForm
from unionhome.core.organizations.models import Organization
from unionhome.core.organizations.views.history import change_lines
from unionhome.core.registry import Actor, list_panels

PAGE = 50
SHOWN_CHILDREN = 12
SHOWN_CHANGES = 8
MOST_TYPED = 80


@door("desk", "organizations.view")
def tree(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The actor's unions as a tree that opens in place, or as a list once something narrows it."""
    form = FilterForm(request.GET)
    filters = form.filters()
    root = asked_root(request, actor)
    tops = [root] if root else queries.list_tops(actor)
    terms = queries.count_terms(actor, root.node if root else None)
    today = timezone.localdate(actor.at)
    context: dict[str, Any] = {
        "root": root,
        "ancestors": _crumbs(actor, root) if root else [],
        "form": form,
        "filters": _filter_bar(request, form) if tops else [],
        "counts": _counts(request, tops, terms, filters),
        "is_filtered": bool(filters),
        "clear_url": _url(request, keep=("node",)),
        "found_url": _found_url(actor, root or (tops[0] if tops else None)),
        "export_url": _export_url(request) if actor.may(queries.IMPORT) else "",
        "hidden": [
            (name, request.GET[name]) for name in ("node", "level", "form", "status", "term") if request.GET.get(name)
        ],
    }
    if filters:
        found = queries.list_organizations(actor, filters, under=root.node if root else None)
        page = Paginator(found, PAGE).get_page(request.GET.get("page"))
        context |= {
            "page": page,
            "rows": [{"organization": one, "light": queries.get_light(one, today, terms.warn_days)} for one in page],
        }
    else:
        context |= _tree_context(request, actor, tops, terms.warn_days)
        city = next((top for top in tops if top.node.level == "city"), None)
        counties = queries.list_counties(actor, city) if city else []
        context["map"] = (
            screens.county_map(counties, request.GET.get("map", ""), queries.get_tiles(actor)) if counties else None
        )
    return render(request, "organizations/tree.html", context)


def asked_root(request: HttpRequest, actor: Actor) -> Organization | None:
    """The union to whose branch the page is narrowed. Raises NotFound."""
    text = request.GET.get("node", "")
    return queries.get_organization(actor, int(text)) if text.isascii() and text.isdigit() and len(text) < 12 else None


def _crumbs(actor: Actor, found: Organization) -> list[dict[str, Any]]:
    """The unions from the city down to this one; those outside the actor's branches without an address."""
    name = "organizations.view"
    return [
        {
            "name": node.name,
            "url": reverse("organizations:organization", args=[node.pk]) if actor.may(name, node.path) else "",
        }
        for node in queries.list_ancestors(found)
    ]


def _tree_context(request: HttpRequest, actor: Actor, tops: list[Organization], warn_days: int) -> dict[str, Any]:
    asked = request.GET.get("open")
    parts = asked.split(",") if asked is not None else [str(top.pk) for top in tops]
    opened = {int(part) for part in parts if part.isascii() and part.isdigit() and len(part) < 12}
    shown = queries.get_tree(actor, tops, opened)
    today = timezone.localdate(actor.at)
    rows = [
        {
            "row": row,
            "organization": row.organization,
            "indent": row.depth * 12,
            "light": queries.get_light(row.organization, today, warn_days),
            "toggle_url": _toggle(request, opened, row.organization.pk),
        }
        for row in shown.rows
    ]
    return {"rows": rows, "is_cut": shown.is_cut}


def _toggle(request: HttpRequest, opened: set[int], pk: int) -> str:
    return _url(request, keep=("node",), open=",".join(map(str, sorted(opened ^ {pk}))))


def _url(request: HttpRequest, *, keep: tuple[str, ...] = (), **given: str) -> str:
    """The tree's address with some of the present parameters, and others given; empty ones are left out but `open`."""
    values = {name: request.GET[name] for name in keep if request.GET.get(name)} | given
    query = urlencode({name: value for name, value in values.items() if value or name == "open"})
    return f"{reverse('organizations:tree')}?{query}"


FILTER_NAMES = ("node", "q", "level", "form", "status", "term")


def _filter_bar(request: HttpRequest, form: FilterForm) -> list[dict[str, Any]]:
    labels = (("level", "层级"), ("form", "类型"), ("status", "状态"), ("term", "届次"))
    bar = []
    for name, label in labels:
        chosen = form.cleaned_data.get(name, "")
        choices = dict(form.fields[name].choices)  # type: ignore[attr-defined]
        others = tuple(one for one in FILTER_NAMES if one != name)
        bar.append(
            {
                "label": label,
                "value": choices[chosen] if chosen else "",
                "active": bool(chosen),
                "clear_url": _url(request, keep=others),
                "options": [
                    {"label": words, "url": _url(request, keep=others, **{name: value}), "active": value == chosen}
                    for value, words in choices.items()
                ],
            }
        )
    return bar


def _counts(
    request: HttpRequest, tops: list[Organization], terms: queries.Terms, filters: queries.Filters
) -> list[dict[str, Any]]:
    total = queries.count_unions([top.node for top in tops])

    def count(label: str, value: int, note: str, term: str, tone: str) -> dict[str, Any]:
        only = filters == queries.Filters(term=term)
        url = _url(request, keep=("node",), term=term)
        return {
            "label": label,
            "value": value,
            "note": note,
            "url": url,
            "active": only,
            "tone": tone if value else "ink",
        }

    return [
        count("工会组织", total, "不含分会和小组", "", "ink"),
        count("届满未换届", terms.overdue, "本届已经到期", "overdue", "deep"),
        count("快要届满", terms.due, f"{terms.warn_days} 天内到期", "due", "amber"),
        count("未登记届次", terms.none, "没有填本届起止", "none", "ink"),
    ]


def _found_url(actor: Actor, parent: Organization | None) -> str:
    if parent is None or not queries.get_reach_below(actor, parent.node.path).manages:
        return ""
    return f"{reverse('organizations:found')}?parent={parent.pk}"


def _export_url(request: HttpRequest) -> str:
    """The same filters, as a sheet."""
    query = urlencode({name: request.GET[name] for name in FILTER_NAMES if request.GET.get(name)})
    return f"{reverse('organizations:export')}?{query}"


@door("desk", "organizations.view")
def names(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Names of unions that fit what is typed in the field `of`, as choices of a text field."""
    text = request.GET.get(request.GET.get("of", ""), "").replace("\x00", "")[:MOST_TYPED]
    return render(request, "organizations/names.html", {"names": queries.list_names(actor, text)})


@door("desk", "organizations.view")
def organization(request: HttpRequest, actor: Actor, node_id: int) -> HttpResponse:
    """Everything about one union that the actor may see."""
    found = queries.get_organization(actor, node_id)
    today, warn_days = timezone.localdate(actor.at), queries.get_warn_days(actor)
    children = queries.list_children(actor, node_id)
    covered = list(queries.list_covered(found, today)[: SHOWN_CHILDREN + 1])
    context = {
        "organization": found,
        "node": found.node,
        "ancestors": _crumbs(actor, found)[:-1],
        "facts": queries.list_facts(found),
        "light": queries.get_light(found, today, warn_days),
        "term": _term(found, today, warn_days),
        "officers": queries.list_officers(found, today),
        "children": [
            {
                "row": child,
                "organization": child.organization,
                "light": queries.get_light(child.organization, today, warn_days),
            }
            for child in children[:SHOWN_CHILDREN]
        ],
        "children_count": len(children),
        "tree_url": f"{reverse('organizations:tree')}?node={found.pk}",
        "covered": covered[:SHOWN_CHILDREN],
        "covered_count": queries.list_covered(found, today).count(),
        "changes": change_lines(queries.list_changes(found)[:SHOWN_CHANGES]),
        "changes_count": queries.list_changes(found).count(),
        "ending": queries.find_ending(actor, found),
        "warning": queries.get_boards(found, today).warning,
        "steps": _steps(actor, found),
        "panels": list_panels(actor, "organizations.organization", found),
    }
    return render(request, "organizations/organization.html", context)


def _term(found: Organization, today: date, warn_days: int) -> dict[str, Any] | None:
    """How far the term has run, for its bar."""
    if found.term_starts_on is None or found.term_ends_on is None:
        return None
    whole = (found.term_ends_on - found.term_starts_on).days + 1
    run = min(max((today - found.term_starts_on).days + 1, 0), whole)
    light = rules.term_light(found.term_ends_on, today, warn_days)
    tone = {"deep": "overdue", "amber": "near"}.get(light.tone, "running")
    return {"share": run / whole, "tone": tone}


def _steps(actor: Actor, found: Organization) -> list[dict[str, Any]]:
    """What can be done with the union; what cannot stays in its place with the reason."""
    here, below = queries.get_reach(actor, found.node.path), queries.get_reach_below(actor, found.node.path)
    stands = found.status == "active"
    above = "由上一级工会办理" if stands else "工会已不在正常状态"
    found_url = f"{reverse('organizations:found')}?parent={found.pk}"

    def step(name: str, label: str, icon: str, allowed: bool, reason: str, main: bool = False) -> dict[str, Any]:
        return {
            "label": label,
            "icon": icon,
            "url": found_url if name == "found" else reverse(f"organizations:{name}", args=[found.pk]),
            "allowed": allowed and stands,
            "reason": reason if stands else above,
            "main": main,
        }

    steps = [
        step(
            "found",
            "建下级工会",
            "plus",
            below.manages and found.node.level != "group",
            "由镇（街道）以上工会办理",
            main=True,
        ),
        step("facts", "改资料", "edit", here.manages or here.is_own, above),
        step("rename", "更名", "pencil", here.manages, above),
    ]
    obstacle = queries.find_obstacle(found.node).rstrip("。") if stands and (here.manages or here.is_own) else ""

    def ending(name: str, label: str, icon: str, allowed: bool) -> dict[str, Any]:
        return step(name, label, icon, allowed and not obstacle, obstacle or above)

    if not found.node.is_local:
        steps += [
            step("move", "变更上级", "arrows-exchange", here.manages, above),
            step("relocate", "变更所在地", "map-pin", here.manages, above),
        ]
    if obstacle and found.node.level in rules.HOLDERS:
        steps.append(step("merge", "把别的工会并进来", "users-group", here.manages, above))
    steps += [
        ending("merge", "合并", "users-group", here.manages),
        ending("dissolve", "撤销", "circle-x", here.manages or here.is_own),
    ]
    if found.form in rules.COVERING and not found.node.is_local:
        steps.insert(-3, step("cover", "增加覆盖单位", "building", here.manages, above))
        steps.insert(-1, ending("split", "分立", "sitemap", here.manages))
    return steps
