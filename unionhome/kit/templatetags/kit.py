"""Template tags of both shells: `{% load kit %}`. Each tag has an example in `unionhome/kit/README.md`.

Tags take plain objects or dictionaries with the named attributes and draw them; they read no table, no clock and no
settings. Widths are SVG attributes because the content policy forbids inline styles.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms, template
from django.template.context import Context
from django.template.loader_tags import BLOCK_CONTEXT_KEY
from django.templatetags.static import static
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from unionhome.kit.qr import qr_svg
from unionhome.kit.templatetags import words

register = template.Library()
for one in (
    words.deadline,
    words.duration,
    words.mask_document,
    words.mask_name,
    words.mask_phone,
    words.moment,
    words.stars,
    words.wide_stars,
    words.yuan,
):
    register.filter(one)

TONES = ("green", "amber", "deep", "blue", "grey", "outline")
CLOCK_ICONS = {
    "not_started": "circle-dashed",
    "running": "clock",
    "near": "clock-exclamation",
    "overdue": "alert-circle",
    "paused": "player-pause",
    "done": "circle-check",
    "ended": "circle-dashed",
}
CLOCK_WORDS = {
    "not_started": "还没开始",
    "running": "正在计时",
    "near": "快到时限",
    "overdue": "超时",
    "paused": "暂停",
    "done": "按时办到",
    "ended": "不再计时",
}


def attribute(thing: Any, name: str, default: Any = "") -> Any:
    """The value called `name` of an object or dictionary; `default` when it is missing or None."""
    value = thing.get(name) if isinstance(thing, dict) else getattr(thing, name, None)
    return default if value is None else value


# Shell


@register.simple_tag(takes_context=True)
def block_html(context: Context, name: str) -> SafeString:
    """What the page put into block `name`, or nothing; lets a shell leave out the frame of an unused block."""
    blocks = context.render_context.get(BLOCK_CONTEXT_KEY)
    block = blocks.get_block(name) if blocks is not None else None
    if block is None:
        return SafeString("")
    return SafeString(block.nodelist.render(context).strip())


@register.simple_tag(takes_context=True)
def page_title(context: Context) -> SafeString:
    """The page's own `title` block, so that a page writes its title once; masked signs are drawn small."""
    return words.small_stars(block_html(context, "title"))


@register.simple_tag
def icon(name: str, size: int = 20, css: str = "") -> SafeString:
    """An outline icon of `icons.svg`, `size` pixels, hidden from screen readers: put a word beside it."""
    return format_html(
        '<svg class="uh-icon uh-icon-{} {}" aria-hidden="true" focusable="false"><use href="{}#{}"></use></svg>',
        size,
        css,
        static("icons.svg"),
        name,
    )


@register.simple_tag
def crumb(title: str, url: str = "") -> SafeString:
    """One step of the breadcrumb; the last one has no address and is the current page; masked signs are drawn small."""
    if url:
        return format_html('<li class="uh-crumb"><a href="{}">{}</a></li>', url, words.stars(title))
    return format_html('<li class="uh-crumb" aria-current="page">{}</li>', words.stars(title))


@register.inclusion_tag("kit/parts/messages.html", takes_context=True)
def messages_strip(context: Context) -> dict[str, Any]:
    """Messages of the framework as strips.

    Words in `extra_tags`: `undo:/address` adds a button that posts there, `draft:key` forgets the browser's draft.
    """
    strips = [_strip(message) for message in context.get("messages") or ()]
    return {"strips": strips, "csrf_token": context.get("csrf_token")}


def _strip(message: Any) -> dict[str, str]:
    words = dict(word.split(":", 1) for word in str(attribute(message, "extra_tags")).split() if ":" in word)
    return {
        "text": str(message),
        "tone": attribute(message, "level_tag", "info"),
        "undo_url": words.get("undo", ""),
        "draft": words.get("draft", ""),
    }


@register.inclusion_tag("kit/parts/undo.html", takes_context=True)
def undo_strip(context: Context, text: str, url: str, label: str = "撤销") -> dict[str, Any]:
    """What was just done, and the button that takes it back (a POST to `url`)."""
    return {"text": text, "url": url, "label": label, "csrf_token": context.get("csrf_token")}


@register.simple_tag
def charts_script() -> SafeString:
    """The chart library; only in block `charts` of a page that draws one."""
    names = ("vendor/echarts.min.js", "unionhome/charts.js")
    return format_html_join("\n", '<script src="{}" defer></script>', ((static(name),) for name in names))


# States and clocks


@register.simple_tag
def badge(text: str, tone: str = "grey", icon_name: str = "") -> SafeString:
    """A state in a word on a tint; `tone` is one of green amber deep blue grey outline."""
    if tone not in TONES:
        raise template.TemplateSyntaxError(f"badge tone must be one of {', '.join(TONES)}, not {tone!r}")
    picture = icon(icon_name, 14) if icon_name else ""
    return format_html('<span class="uh-badge uh-badge-{}">{}{}</span>', tone, picture, text)


@register.simple_tag
def meter(share: float, tone: str = "running", height: int = 6) -> SafeString:
    """A bar filled to `share` (0..1); the words beside it carry the meaning. Tones: running near overdue done blue ink."""
    return format_html(
        '<svg class="uh-meter" aria-hidden="true" width="100%" height="{h}">'
        '<rect class="uh-meter-track" width="100%" height="{h}" rx="{r}"></rect>'
        '<rect class="uh-meter-fill uh-meter-{tone}" width="{percent}%" height="{h}" rx="{r}"></rect></svg>',
        h=height,
        r=height / 2,
        tone=tone,
        percent=_percent(share),
    )


def _percent(share: float | None) -> str:
    return f"{min(max(float(share or 0), 0.0), 1.0) * 100:.1f}"


@register.inclusion_tag("kit/parts/clock_light.html")
def clock_light(light: Any) -> dict[str, Any]:
    """A clock as a pie and words: `light` has .state, .share (used, 0..1) and .text, e.g. 剩1小时50分."""
    state = attribute(light, "state", "not_started")
    return {
        "state": state,
        "text": attribute(light, "text") or CLOCK_WORDS[state],
        "percent": _percent(attribute(light, "share", 0)),
    }


@register.inclusion_tag("kit/parts/clock_card.html")
def clock_card(clock: Any, variant: str = "desk") -> dict[str, Any]:
    """A clock with its working, in one of three forms: `desk` card, `worker` column of a clock grid, `row`.

    `clock` has .name, .light, and as they apply .working (lines with .label .value), .sum_label, .sum_value,
    .value and .suffix (09:58, 前), .used, .limit_text, .note.
    """
    light = attribute(clock, "light", {})
    state = attribute(light, "state", "not_started")
    return {
        "clock": clock,
        "variant": variant,
        "light": light,
        "state": state,
        "icon_name": CLOCK_ICONS[state],
        "state_word": CLOCK_WORDS[state],
        "share": attribute(light, "share", 0),
    }


# Records


@register.inclusion_tag("kit/parts/facts.html")
def facts(rows: Iterable[Any], wide: bool = False) -> dict[str, Any]:
    """Rows with .label .value and optional .source, .date_text, .url, .action (label), .action_url, .action_html."""
    return {"rows": rows, "wide": wide}


@register.inclusion_tag("kit/parts/timeline.html")
def timeline(entries: Iterable[Any], short: bool = False) -> dict[str, Any]:
    """What happened, newest first: .title .time_text .icon .text .tone(done|next|blue|plain) .chips .visible_to .files."""
    return {"entries": entries, "short": short}


@register.inclusion_tag("kit/parts/stage_bar.html")
def stage_bar(stages: Iterable[Any]) -> dict[str, Any]:
    """Stages with .name .note .state (done|current|later)."""
    return {"stages": stages}


@register.inclusion_tag("kit/parts/counts.html")
def counts(items: Iterable[Any], label: str = "按时限看") -> dict[str, Any]:
    """Numbers that filter: .label .value .note .url .active .tone (deep|amber|ink)."""
    return {"items": items, "label": label}


@register.inclusion_tag("kit/parts/day_ribbon.html")
def day_ribbon(ribbon: Any) -> dict[str, Any]:
    """Today's duty hours as a line: all places are shares 0..1 of the drawn width.

    `ribbon` has .spans (duty times: .start .end), .now and .now_text, .marks (due matters: .share .near), .labels
    (.share .text), .note (a sentence that says the same to who cannot see it).
    """
    now = float(attribute(ribbon, "now", 0))
    return {
        "note": attribute(ribbon, "note"),
        "now": _percent(now),
        "now_text": attribute(ribbon, "now_text"),
        "spans": [_span(span, now) for span in attribute(ribbon, "spans", ())],
        "marks": [
            {"at": _percent(attribute(one, "share")), "near": attribute(one, "near")}
            for one in attribute(ribbon, "marks", ())
        ],
        "labels": [
            {"at": _percent(attribute(one, "share")), "text": attribute(one, "text")}
            for one in attribute(ribbon, "labels", ())
        ],
    }


def _span(span: Any, now: float) -> dict[str, str]:
    start, end = float(attribute(span, "start", 0)), float(attribute(span, "end", 0))
    return {"at": _percent(start), "width": _percent(end - start), "past": _percent(min(now, end) - start)}


@register.filter
def thousands(value: Any) -> Any:
    """A whole number as people read it, 731,692; whatever else it is stays as it is."""
    return f"{value:,}" if isinstance(value, int) and not isinstance(value, bool) else value


@register.simple_tag
def figure_number(value: Any, url: str = "", unit: str = "", css: str = "") -> SafeString:
    """A number whose dotted underline opens the rows behind it."""
    value = thousands(value)
    tail = format_html('<span class="uh-figure-unit">{}</span>', unit) if unit else ""
    if not url:
        return format_html('<span class="{}">{}{}</span>', css, value, tail)
    return format_html(
        '<a class="uh-figure {}" href="{}" title="打开{}{}">{}{}</a>', css, url, value, unit, value, tail
    )


@register.inclusion_tag("kit/parts/empty.html")
def empty(icon_name: str, title: str, text: str = "", action_url: str = "", action_label: str = "") -> dict[str, Any]:
    """Nothing here: what is missing, what to do, one button."""
    return {
        "icon_name": icon_name,
        "title": title,
        "text": text,
        "action_url": action_url,
        "action_label": action_label,
    }


@register.inclusion_tag("kit/parts/next_steps.html", takes_context=True)
def next_steps(context: Context, steps: Iterable[Any]) -> dict[str, Any]:
    """Steps with .label .url .icon .main .allowed .reason .post; a refused one stays in place with its reason."""
    return {"steps": steps, "csrf_token": context.get("csrf_token"), "request": context.get("request")}


@register.inclusion_tag("kit/parts/pager.html", takes_context=True)
def pager(context: Context, page: Any) -> dict[str, Any]:
    """Foot of a list for a Django `Page`: which rows, of how many, and the neighbours; keeps the filters."""
    request = context.get("request")
    kept = request.GET.copy() if request is not None else None
    return {
        "page": page,
        "previous": _page_url(kept, page.previous_page_number()) if page.has_previous() else "",
        "next": _page_url(kept, page.next_page_number()) if page.has_next() else "",
    }


def _page_url(query: Any, number: int) -> str:
    if query is None:
        return f"?page={number}"
    query["page"] = number
    return f"?{query.urlencode()}"


@register.inclusion_tag("kit/parts/filter_bar.html")
def filter_bar(
    filters: Sequence[Any], clear_url: str = "", sort: Any = None, save_url: str = "", note: str = ""
) -> dict[str, Any]:
    """Filters whose state is the address: .label .value .active .clear_url .options (.label .url .active)."""
    return {
        "filters": filters,
        "sort": sort,
        "save_url": save_url,
        "note": note,
        "clear_url": clear_url if any(attribute(one, "active", False) for one in filters) else "",
    }


@register.inclusion_tag("kit/parts/bulk_bar.html")
def bulk_bar(actions: Sequence[Any], form_id: str, total: int, unit: str = "件") -> dict[str, Any]:
    """Foot of a table with chosen rows: buttons (.label .icon .value) that submit `form_id` as `act`."""
    return {"actions": actions, "form_id": form_id, "total": total, "unit": unit}


@register.inclusion_tag("kit/parts/unmask.html", takes_context=True)
def unmask(
    context: Context, url: str, what: str, reasons: Sequence[tuple[str, str]], label: str = "显示", seconds: int = 60
) -> dict[str, Any]:
    """The reasons asked before a masked value is shown; posts `reason` and `reason_text` to `url`."""
    return {
        "url": url,
        "what": what,
        "reasons": reasons,
        "label": label,
        "seconds": seconds,
        "csrf_token": context.get("csrf_token"),
    }


# Forms


@register.simple_tag
def field(bound: forms.BoundField, note: str = "", hint: str = "", wide: bool = False) -> SafeString:
    """One field: label, `note` at its right, hint, error above the control, control; `wide` spans both columns."""
    bound.help_text = hint or bound.help_text
    context = {"field": bound, "note": note, "wide": wide}
    return SafeString(bound.form.renderer.render("kit/parts/field.html", context))


@register.inclusion_tag("kit/parts/form_errors.html")
def form_errors(form: forms.BaseForm) -> dict[str, Any]:
    """What is wrong on the form, each line a link to its field; nothing while the form is right."""
    wrong = (
        [
            (form[name], _with_label(str(form[name].label), str(errors[0])))
            for name, errors in form.errors.items()
            if name in form.fields
        ]
        if form.is_bound
        else []
    )
    return {
        "wrong": wrong,
        "general": form.non_field_errors() if form.is_bound else [],
        "lost_files": bool(form.is_bound and form.files),
    }


def _with_label(label: str, sentence: str) -> str:
    """照片：太大了; a label that asks loses its sign, one that the sentence names is not said twice."""
    name = label.rstrip("？?：:")
    return sentence if name in sentence else f"{name}：{sentence}"


@register.simple_tag
def submit_key(form: forms.BaseForm) -> SafeString:
    """The hidden key that makes a form sent twice count once."""
    return SafeString(str(form["submit_key"])) if "submit_key" in form.fields else SafeString("")


@register.simple_tag
def qr(text: str, title: str = "二维码") -> SafeString:
    """A QR code of `text`, drawn in place."""
    return SafeString(qr_svg(text, title=title))


@register.filter
def get(mapping: Any, key: Any) -> Any:
    """`mapping[key]`, or nothing."""
    return mapping.get(key, "") if hasattr(mapping, "get") else ""
