"""Correcting the category of a case: the limits, the checklist and, where it stood by its wrong one, the union follow."""

from django.db import transaction

from unionhome.core.cases import clocks, queries
from unionhome.core.cases.actions.answering import answer_referral
from unionhome.core.cases.actions.handling import already_done, follow_files, guard_facts, hold, move_case, refresh_item
from unionhome.core.cases.actions.opening import add_entry
from unionhome.core.cases.actions.referring import hand
from unionhome.core.cases.models import Case, Entry, Referral
from unionhome.core.cases.queries import Reroute
from unionhome.core.cases.rules import Category, UnionFacts
from unionhome.core.journal.actions import record
from unionhome.core.registry import Actor, BadInput, NotFound, Refused, resolve
from unionhome.core.tree.actions import share_row
from unionhome.core.tree.queries import get_any_node
from unionhome.core.workflow.queries import find_refusal


@transaction.atomic
def correct_category(actor: Actor, case_id: int, *, category: str, submit_key: str = "") -> Case:
    """Put right what a case is about. It goes to the union that the right category leads to, where it stands at the one
    that the wrong one led to, or at one that must not see it any more. Never is a case shown to an employer's union
    from which it was kept before. Whoever asked is told what was changed; the time that has run stays.

    Raises BadInput for an unknown category and for the one it has, Refused in a state in which no union works on it and
    where others follow it and it would be kept from somebody they are not kept from.
    """
    if already_done(actor, case_id, submit_key):
        return Case.objects.get(pk=case_id)
    hold(actor, case_id)
    case = queries.get_handled_case(actor, case_id)
    new = _check(actor, case, category)
    sender, was_hidden, hidden = case.node, case.hidden_path, new.hidden_path
    if hidden != was_hidden and case.followers.filter(ended_on=None).exists():
        raise Refused("还有别的事并在这一件下面，改成这一类要避开单位工会。先把它们移出，再改。", "leads")
    before = _keep(case, new)
    _note(actor, case, before, new.category, submit_key)
    if path := queries.get_kind(case.kind).rerouted:
        resolve(path)(case, new.route if new.target else None)
    if new.target is None:
        clocks.change_limits(case)
        if hidden != was_hidden:
            follow_files(actor, case)
        refresh_item(actor, case)
        return case
    _send(actor, case, new.target, new.route.why if new.route else "")
    if not (hidden and sender.path.startswith(hidden)):
        share_row(actor, "cases.case", case.pk, node=sender, reason=f"改了类别，转给{case.node.name}")
    return case


def _check(actor: Actor, case: Case, category: str) -> Reroute:
    """What the correction does."""
    kind = queries.get_kind(case.kind)
    if not kind.reroute:
        raise NotFound()
    refusal = find_refusal(actor, kind.table, case, "reroute", guard_facts(actor, case))
    if refusal is not None:
        raise refusal
    found = next((each for each in queries.list_reroutes(case) if each.category.code == category), None)
    if found is None or category == case.category:
        sentence = "请选一个类别。" if found is None else "现在就是这一类，请选另一类。"
        raise BadInput(sentence, "category-wrong", fields={"category": sentence})
    return found


def _keep(case: Case, new: Reroute) -> Category:
    """Write the right category down; the wrong one."""
    before, after = queries.get_kind(case.kind).category(case.category), new.category
    start = f"{before.label}："
    case.title = f"{after.label}：{case.title.removeprefix(start)}" if case.title.startswith(start) else case.title
    case.is_urgent = after.is_urgent or (case.is_urgent and not before.is_urgent)
    case.category, case.hidden_path = after.code, new.hidden_path
    case.save(update_fields=["title", "category", "is_urgent", "hidden_path"])
    return before


def _note(actor: Actor, case: Case, before: Category, after: Category, submit_key: str) -> None:
    """Both categories, who and when: in the timeline, which the applicant reads, and in the journal."""
    title = f"类别由“{before.label}”改为“{after.label}”"
    add_entry(actor, case, Entry.Kind.STEP, title, is_public=True, submit_key=submit_key)
    record(
        actor,
        "cases.case.recategorized",
        node=case.node,
        about=case,
        subject_id=case.person_id,
        hidden_path=case.hidden_path,
        summary=f"{title}：{case.number}",
        data={"category_before": before.label, "category": after.label},
    )


def _send(actor: Actor, case: Case, target: UnionFacts, why: str) -> None:
    node = get_any_node(target.id)
    move_case(actor, case, "reroute", said=f"改了类别，转给{node.name}")
    answer_referral(actor, case, Referral.Answer.MOVED)
    clocks.change_limits(case)
    hand(actor, case, node)
    title = f"转给{node.name}办理"
    add_entry(actor, case, Entry.Kind.STEP, title, text=f"类别改了：{why}。", is_public=True)
