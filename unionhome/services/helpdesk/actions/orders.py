"""Orders of the 12351 hotline becoming needs: one need for each number, whoever hands it in and however often."""

from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from unionhome.core.cases.models import Case
from unionhome.core.cases.queries import Applicant
from unionhome.core.journal.actions import record
from unionhome.core.organizations.queries import find_employer_by_name
from unionhome.core.registry import Actor, BadInput
from unionhome.kit.codes import CodeError, mask_name, mask_numbers
from unionhome.kit.errors import InputRefused
from unionhome.services.helpdesk import queries
from unionhome.services.helpdesk.actions.asking import HOTLINE_ORIGIN, Need, send_need
from unionhome.services.helpdesk.models import HotlineOrder, HotlineSheet
from unionhome.services.helpdesk.queries.hotline import HOTLINE
from unionhome.services.helpdesk.rules.hotline import (
    OTHER,
    Line,
    OrderRow,
    Outcome,
    call_moment,
    caller_phones,
    moment_of,
    order_number,
)


@dataclass(frozen=True, slots=True)
class TypedOrder:
    """An order typed by hand, as the form gives it; `division` is a 12-digit code, `return_on` a day in ISO form."""

    number: str
    text: str
    phone: str
    category: str
    called: str = ""
    name: str = ""
    division: str = ""
    employer: str = ""
    return_on: str = ""
    is_quiet: bool = False


def register_order(actor: Actor, typed: TypedOrder) -> Case:
    """Make a need of an order that the hotline gave by phone. Its clocks begin now, as those of a sheet do.

    Raises Forbidden, and BadInput at the field: also where the number has become a need before.
    """
    node = queries.get_own_branch(actor)
    actor.require(HOTLINE, node.path)
    row = _read(actor, typed)
    router = queries.OrderRouter(node)
    hide = typed.is_quiet or queries.is_about_employer(typed.category)
    earlier = queries.find_order(row.order)
    if earlier is not None:
        raise _known(actor, earlier)
    order, made = open_order(actor, row, category=typed.category, hide=hide, router=router)
    if not made:
        raise _known(actor, order)
    return order.case


def _known(actor: Actor, order: HotlineOrder) -> BadInput:
    sentence = known_text(actor, order)
    return BadInput(sentence, "order-known", fields={"number": sentence})


def known_text(actor: Actor, order: HotlineOrder) -> str:
    """That an order has become a need before, and which one where the actor may see it."""
    seen = queries.list_orders(actor).filter(pk=order.pk).exists()
    return f"这个工单已经登记过，编号{order.case.number}" if seen else "这个工单已经由别的工会登记过"


def _read(actor: Actor, typed: TypedOrder) -> OrderRow:
    """The typed order as a row of a sheet. Raises BadInput at the fields."""
    faults: dict[str, str] = {}
    found: dict[str, str] = {"number": "", "called": ""}
    for name, text, parse in (("number", typed.number, order_number), ("called", typed.called, call_moment)):
        try:
            found[name] = parse(text)
        except InputRefused as refused:
            faults[name] = refused.sentence
    if found["called"] and moment_of(found["called"]) > actor.at:
        faults["called"] = "来电时间在现在以后，请核对"
    try:
        phones = caller_phones(typed.phone)
    except CodeError as refused:
        phones, faults["phone"] = ("", ""), refused.sentence
    if not typed.text.strip():
        faults["text"] = "请写诉求内容。"
    if faults:
        raise BadInput(next(iter(faults.values())), "order-wrong", fields=faults)
    return OrderRow(
        0, found["number"], found["called"], typed.name, *phones, "", typed.division, typed.employer, "",
        typed.text, typed.return_on, typed.is_quiet,
    )  # fmt: skip


@transaction.atomic
def open_order(
    actor: Actor,
    row: OrderRow,
    *,
    category: str,
    hide: bool,
    router: queries.OrderRouter,
    sheet: HotlineSheet | None = None,
) -> tuple[HotlineOrder, bool]:
    """The order with its need, and whether it was made now. Two who hand in one order get one need: the case is opened
    under a key of the order's number. Raises what sending a need does."""
    need = Need(
        category=category,
        text=f"{row.text}\n来电座机：{row.landline}" if row.landline else row.text,
        phone=row.phone,
        name=row.name,
        hide_from_employer=hide,
        employer=find_employer_by_name(row.employer) if row.employer else None,
        employer_text=row.employer,
        division=router.division(row),
        place_text=row.town,
        submit_key=queries.get_order_key(row.order),
    )
    case, _ = send_need(actor, need, Applicant(name=row.name), row.phone, origin=HOTLINE_ORIGIN)
    order, made = HotlineOrder.objects.get_or_create(
        number=row.order,
        defaults={
            "case": case,
            "sheet": sheet,
            "received_on": timezone.localdate(actor.at),
            "called_at": moment_of(row.called) if row.called else None,
            "return_on": row.return_on or None,
            "words": mask_numbers(row.words)[:40],
        },
    )
    if made:
        record(
            actor,
            "helpdesk.order.received",
            node=case.node,
            about=case,
            hidden_path=case.hidden_path,
            summary=f"12351 工单{row.order}登记为{case.number}",
            data={"order": row.order},
        )
    return order, made


def judge_order(
    actor: Actor, row: OrderRow, router: queries.OrderRouter, known: dict[str, HotlineOrder], seen: dict[str, Case]
) -> Line:
    """What becomes of a row now. `known` are the orders of this sheet's numbers that are needs, `seen` those of their
    needs that the actor may see."""
    category = router.category(row)
    title = mask_numbers(f"{_label(category)}：{mask_name(row.name) if row.name else '未留姓名'}")

    def line(outcome: Outcome, note: str, union: str, code: str = "") -> Line:
        return Line(row.number, row.order, outcome.value, code, note, title, union)

    if row.order in known:
        case = seen.get(row.order)
        words = f"已经登记过，编号{case.number}" if case else "已经由别的工会登记过"
        return line(Outcome.KNOWN, words, case.node.name if case else "")
    route = router.route(row)
    if route is None or not route.union.path.startswith(router.branch.path):
        union = route.union.name if route else "上级工会"
        return line(Outcome.REFUSED, f"按规则该由{union}办理，不归您的工会范围，请退回市总工会派单", union, "elsewhere")
    notes = [route.why.replace("您", "来电人")]
    if word := router.unknown_word(row):
        notes.append(f"没见过类别“{word}”，先归“其他”")
    if row.town and not row.division:
        notes.append("没认出镇街，先给收工单的工会")
    return line(Outcome.NEW, "；".join(notes), route.union.name)


def _label(category: str) -> str:
    return queries.get_category_label(category or OTHER)
