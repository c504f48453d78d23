"""Reply templates that a union keeps for itself and the unions below it."""

from django.db import transaction

from unionhome.core.cases import queries
from unionhome.core.cases.models import ReplyTemplate
from unionhome.core.cases.rules import PLACEHOLDERS, find_unknown_placeholders, plain_braces
from unionhome.core.journal.actions import record
from unionhome.core.registry import Actor, BadInput, Forbidden, Refused
from unionhome.kit.codes import mask_numbers


@transaction.atomic
def write_template(actor: Actor, *, title: str, text: str, submit_key: str = "") -> ReplyTemplate:
    """Keep a new template of the actor's own union. A repeat gives the one of the first send.

    Raises Forbidden without a union or the permission, BadInput for a title already taken or an unknown placeholder.
    """
    node = queries.find_own_union(actor)
    if node is None:
        raise Forbidden()
    actor.require("cases.templates", node.path)
    earlier = ReplyTemplate.objects.filter(node=node, submit_key=submit_key).first() if submit_key else None
    if earlier is not None:
        return earlier
    title, text = _checked(node.pk, title, text)
    row = ReplyTemplate.objects.create(
        node=node, title=title, text=text, created_at=actor.at, submit_key=submit_key or None
    )
    _journal(actor, row, "written", "写了常用答复")
    return row


@transaction.atomic
def change_template(actor: Actor, template_id: int, *, title: str, text: str) -> ReplyTemplate:
    """Change a template; replies that were sent stay as they were. Raises NotFound, Forbidden, BadInput, Refused."""
    row = _lock(actor, template_id)
    row.title, row.text = _checked(row.node_id, title, text, besides=row.pk)
    row.save(update_fields=["title", "text"])
    _journal(actor, row, "changed", "改了常用答复")
    return row


@transaction.atomic
def end_template(actor: Actor, template_id: int) -> ReplyTemplate:
    """Offer a template no more. Raises NotFound, Forbidden, Refused where it ended before."""
    row = _lock(actor, template_id)
    row.ended_at = actor.at
    row.save(update_fields=["ended_at"])
    _journal(actor, row, "ended", "停用常用答复")
    return row


def _lock(actor: Actor, template_id: int) -> ReplyTemplate:
    found = queries.get_template(actor, template_id)
    actor.require("cases.templates", found.node.path)
    row = ReplyTemplate.objects.select_for_update(of=("self",)).select_related("node").get(pk=found.pk)
    if row.ended_at is not None:
        raise Refused("这条常用答复已经停用。", "template-ended")
    return row


def _checked(node_id: int, title: str, text: str, besides: int = 0) -> tuple[str, str]:
    title, text = mask_numbers(title.strip()), plain_braces(text.strip())
    wrong = {}
    if not title:
        wrong["title"] = "请写一个短名字，比如“约时间”。"
    same = ReplyTemplate.objects.filter(node_id=node_id, title=title, ended_at=None).exclude(pk=besides)
    if title and same.exists():
        wrong["title"] = f"已经有一条叫“{title}”，请换个名字。"
    unknown = find_unknown_placeholders(text)
    if not text:
        wrong["text"] = "请写答复的内容。"
    elif unknown:
        known = "".join(f"{{{name}}}" for name in PLACEHOLDERS)
        wrong["text"] = f"没有 {{{unknown[0]}}} 这一项。花括号里只能写：{known}。"
    if wrong:
        raise BadInput(next(iter(wrong.values())), "template-wrong", fields=wrong)
    return title, text


def _journal(actor: Actor, row: ReplyTemplate, verb: str, said: str) -> None:
    record(actor, f"cases.reply_template.{verb}", node=row.node, about=row, summary=f"{said}：{row.title}")
