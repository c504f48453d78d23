"""Mass matters (群体性事项): recognised, rung until somebody takes them, reported upwards, shown to few."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from unionhome.core.access.models import User
from unionhome.core.access.queries import get_actor, get_cadre, list_holders, list_phones
from unionhome.core.cases import clocks, queries
from unionhome.core.cases.actions.answering import answer_referral
from unionhome.core.cases.actions.handling import already_done, follow_files, lock_handling, refresh_item
from unionhome.core.cases.actions.opening import add_entry, standing_of
from unionhome.core.cases.models import Case, Entry, MassMatter, Referral
from unionhome.core.cases.workflow import MASS, MASS_HANDLE
from unionhome.core.journal.actions import record
from unionhome.core.notices.actions import Message, Receiver, notify
from unionhome.core.policy.queries import get_value
from unionhome.core.registry import Actor, BadInput, NotFound, Refused
from unionhome.core.tree.actions import end_share, end_shares, share_row
from unionhome.core.tree.models import Node
from unionhome.core.tree.queries import list_local_above, list_shares
from unionhome.core.workflow.actions import ItemFacts, keep_item, move, start

CASE, MATTER = "cases.case", "cases.massmatter"
NAMED = "群体性事项点名"
FRESH = timedelta(days=1)
"""What was opened longer ago makes no alarm: told late, it would only confuse."""
MOST_PEOPLE = 100_000
NAME_LENGTH = 30


# -- recognised ------------------------------------------------------------------------------------------------------


@transaction.atomic
def recognise_mass(actor: Actor, case_id: int) -> MassMatter | None:
    """Put a new case with the open mass matter it belongs to, or make one of it and those like it where enough people
    have said the same. None where it stays a matter of one person. For the handler."""
    case = Case.objects.select_for_update(of=("self",)).select_related("node").filter(pk=case_id, mass=None).first()
    if case is None or actor.at - case.opened_at > FRESH or not queries.may_report(case):
        return None
    matter = queries.find_matching_mass(case)
    if matter is not None:
        _gather(actor, matter, [case])
        matter.people_count = max(matter.people_count, queries.count_mass_people(matter))
        matter.save(update_fields=["people_count"])
        keep_item(actor, MASS, matter, _item(matter))
        return matter
    group = queries.find_mass_group(case)
    if group is None:
        return None
    ground, cases, people = group
    return _open(actor, ground, case, cases, people)


@transaction.atomic
def report_mass(actor: Actor, case_id: int, *, people_count: int, text: str, submit_key: str = "") -> Case:
    """Report that a case concerns many people. Who reports it stays named for it.

    Raises BadInput for fewer people than the policy says, Refused where the case is none that can be or is in one.
    """
    case = lock_handling(actor, case_id)
    if already_done(actor, case_id, submit_key, Entry.Kind.NOTE):
        return case
    if not queries.may_report(case):
        raise Refused("这件已经在群体性事项里，或者已经办完，不用再报。", "not-reportable")
    least = queries.get_people_limit(case, actor.at)
    if not least <= people_count <= MOST_PEOPLE:
        sentence = f"{least}人以上才算群体性，请数一数有多少人。"
        raise BadInput(sentence, "too-few", fields={"people_count": sentence})
    if not text.strip():
        raise BadInput("请写现场是什么情况。", "text-missing", fields={"text": "请写现场是什么情况。"})
    add_entry(
        actor, case, Entry.Kind.NOTE, f"报告群体性，{people_count}人"[:80], text=text.strip(), is_public=False,
        submit_key=submit_key,
    )  # fmt: skip
    matter = _open(actor, MassMatter.Ground.PEOPLE, case, [case], people_count)
    if actor.user_id is not None:
        _name(actor, matter, User.objects.filter(pk=actor.user_id))
    case.refresh_from_db()
    return case


def _open(actor: Actor, ground: str, case: Case, cases: Iterable[Case], people: int) -> MassMatter:
    employer = queries.find_own_employer(case)
    union = employer.union if employer else None
    hidden = (queries.get_top_employer_path(union) if union else "") or case.hidden_path
    gathered = _lock(cases)
    node = queries.find_mass_union([each.node for each in gathered], hidden)
    minutes = int(get_value("cases.mass_minutes", timezone.localdate(actor.at), node))
    matter = MassMatter.objects.create(
        node=node, hidden_path=hidden, ground=ground, kind=case.kind, category=case.category, employer=case.employer,
        employer_text=case.employer_text, division=case.division, place_text=case.place_text, people_count=people,
        state=MASS.initial, opened_at=actor.at, due_at=actor.at + timedelta(minutes=minutes),
    )  # fmt: skip
    start(actor, MASS, matter, _item(matter))
    _gather(actor, matter, gathered)
    _report(actor, matter)
    _ring(actor, matter)
    return matter


def _lock(cases: Iterable[Case]) -> list[Case]:
    """The cases with what is worked on together with them, as far as they are open, locked in one order."""
    ids = [each.pk for each in cases]
    tied = Q(pk__in=ids) | Q(leader__in=ids) | Q(followers__in=ids)
    found = Case.objects.filter(pk__in=Case.objects.filter(tied).values("pk"), ended_on=None)
    return list(found.select_for_update(of=("self",)).select_related("node", "handler").order_by("pk"))


def _gather(actor: Actor, matter: MassMatter, cases: Iterable[Case]) -> None:
    """Let cases lie at the federation of the matter and nowhere else; who had them goes on, by name."""
    had: set[int] = set()
    for case in _lock(cases):
        people = {pk for pk in (case.handler_id, case.stand_in_id) if pk}
        moved = case.node_id != matter.node_id
        had |= people if moved else set()
        facts = {"handler": None, "stand_in": None, "node": matter.node, **standing_of(matter.node)} if moved else {}
        Case.objects.filter(pk=case.pk).update(mass=matter, hidden_path=matter.hidden_path or case.hidden_path, **facts)
        case.refresh_from_db()
        answer_referral(actor, case, Referral.Answer.MOVED)
        for reason in {share.reason for share in list_shares(CASE, case.pk, actor.at)}:
            end_shares(actor, CASE, case.pk, reason=reason)
        clocks.recompute(case)
        follow_files(actor, case)
        refresh_item(actor, case)
        if moved:
            add_entry(actor, case, Entry.Kind.STEP, f"转给{matter.node.name}办理"[:80], is_public=True)
        add_entry(actor, case, Entry.Kind.STEP, "列入群体性事项，只给点名的人看", is_public=False)
    _name(actor, matter, [*User.objects.filter(pk__in=had), *queries.list_named(matter, actor.at)])


def _item(matter: MassMatter) -> ItemFacts:
    return ItemFacts(
        node=matter.node,
        title=f"{matter}（{matter.people_count}人）" if str(matter) else f"{matter.people_count}人",
        url=f"/desk/cases/mass/{matter.pk}/",
        kind_label="群体性事项",
        icon="users-group",
        due_at=None if matter.present_at else matter.due_at,
        assignee_id=matter.handler_id,
        hidden_path=matter.hidden_path,
    )


# -- rung and reported -----------------------------------------------------------------------------------------------


def ring_again(actor: Actor) -> int:
    """Ring once more for what nobody has taken in time, each time one level higher as well; how many. For the
    schedule: each in its own transaction."""
    ids = list(MassMatter.objects.filter(rings_at__lte=actor.at).order_by("rings_at").values_list("pk", flat=True))
    rung = 0
    for pk in ids:
        with transaction.atomic():
            due = MassMatter.objects.filter(pk=pk, rings_at__lte=actor.at).select_related("node")
            matter = due.select_for_update(of=("self",)).first()
            if matter is not None:
                _ring(actor, matter)
                rung += 1
    return rung


def _ring(actor: Actor, matter: MassMatter) -> None:
    """Call whoever is on duty: in-app and by text message, at night too; the first time at the federation itself."""
    above = list_local_above([matter.node])[matter.node_id]
    minutes = int(get_value("cases.ring_minutes", timezone.localdate(actor.at), matter.node))
    matter.ring_count += 1
    matter.rings_at = actor.at + timedelta(minutes=max(minutes, 1))
    matter.save(update_fields=["ring_count", "rings_at"])
    again = f"（第{matter.ring_count}次叫）" if matter.ring_count > 1 else ""
    text = f"群体性事项{again}：{matter.people_count}人，{matter.node.name[:NAME_LENGTH]}请马上接手。"
    for node in (matter.node, *above[: matter.ring_count - 1]):
        _call(actor, matter, node, "cases.mass", text, f"mass-{matter.pk}-{matter.ring_count}")


def _report(actor: Actor, matter: MassMatter) -> None:
    """Tell every federation above at once."""
    text = f"{matter.node.name[:NAME_LENGTH]}有群体性事项，{matter.people_count}人，已叫值班的人。"
    for node in list_local_above([matter.node])[matter.node_id]:
        _call(actor, matter, node, "cases.mass_reported", text, f"mass-{matter.pk}-up")


def _call(actor: Actor, matter: MassMatter, node: Node, kind: str, text: str, key: str) -> None:
    users = list_holders(node, MASS_HANDLE, actor.at, hidden_path=matter.hidden_path)
    mail = get_value("cases.duty_mail", timezone.localdate(actor.at), node)
    _tell(actor, matter, users, kind, text, key, mail=mail.strip() if "@" in mail else "")


def _tell(
    actor: Actor, matter: MassMatter, users: Iterable[User], kind: str, text: str, key: str, *, mail: str = ""
) -> None:
    people = list(users)
    phones = list_phones(people)
    receivers = [Receiver(user.pk, "desk", phone=phones.get(user.pk, "")) for user in people]
    receivers += [Receiver(mail=mail)] if mail else []
    link = reverse("cases:mass", args=[matter.pk])
    secret = settings.PUBLIC_URL + link if settings.PUBLIC_URL else ""
    message = Message(
        kind, text, matter.node, link=link, secret_link=secret, about=matter, hidden_path=matter.hidden_path
    )
    notify(actor, message, receivers, key=key)


# -- handled ---------------------------------------------------------------------------------------------------------


def _lock_mass(actor: Actor, pk: int) -> MassMatter:
    """The matter to act on. Raises NotFound, Forbidden for who was only named."""
    matter = queries.get_mass(actor, pk)
    actor.require(MASS_HANDLE, matter.node.path)
    return MassMatter.objects.select_for_update(of=("self",)).select_related("node").get(pk=matter.pk)


@transaction.atomic
def move_mass(actor: Actor, pk: int, verb: str, *, reason: str = "", submit_key: str = "") -> MassMatter:
    """Take a mass matter, say that somebody is there, that it is over, or that it was none. A repeat changes nothing.
    Raises NotFound for another verb, and what `workflow.actions.move` does."""
    matter = _lock_mass(actor, pk)
    if verb not in MASS.by_verb:
        raise NotFound()
    is_first = matter.state in MASS.transition(verb).sources
    said: dict[str, dict[str, Any]] = {"take": {"handler_id": actor.user_id}, "reach": {"present_at": actor.at}}
    facts = {"rings_at": None, **said.get(verb, {})}
    for name, value in facts.items():
        setattr(matter, name, value)
    move(actor, MASS, matter, verb, item=_item(matter), reason=reason, submit_key=submit_key)
    if is_first:
        MassMatter.objects.filter(pk=matter.pk).update(**facts)
        matter.refresh_from_db()
    return matter


@transaction.atomic
def name_for_mass(actor: Actor, pk: int, *, username: str) -> MassMatter:
    """Let somebody of the branch see the matter and work on its cases. A repeat changes nothing. Raises BadInput at the
    field for who is unknown, works at the employer's union, or has no cases to handle; Refused once it is over."""
    matter = _lock_mass(actor, pk)
    if MASS.state(matter.state).is_end:
        raise Refused("这件群体性事项已经结束，不用再点名。", "mass-over")
    user = get_cadre(actor, username, MASS_HANDLE)
    sentence = ""
    if queries.is_kept_from(matter, user, actor.at):
        sentence = "这个人在涉事单位的工会，不能让他知道。"
    elif not (user.is_active and get_actor(user, "desk", actor.at).may("cases.handle")):
        sentence = f"{user.name}不能办诉求，请选别人。"
    if sentence:
        raise BadInput(sentence, "unfit", fields={"username": sentence})
    _name(actor, matter, [user])
    text = f"请您一起处置群体性事项，{matter.people_count}人。"
    _tell(actor, matter, [user], "cases.mass_named", text, f"mass-{matter.pk}-named")
    _journal(actor, matter, "named", f"点名{user.name}")
    return matter


@transaction.atomic
def unname_for_mass(actor: Actor, pk: int, user_id: int) -> MassMatter:
    """Take the view of somebody who was named away again. A repeat changes nothing."""
    matter = _lock_mass(actor, pk)
    ended = end_share(actor, MATTER, matter.pk, user_id=user_id)
    for case in matter.cases.order_by("pk"):
        end_share(actor, CASE, case.pk, user_id=user_id)
    if ended:
        _journal(actor, matter, "unnamed", "不再点名")
    return matter


def _name(actor: Actor, matter: MassMatter, users: Iterable[User]) -> None:
    """Open the matter and its cases to people, never to those of the employer's union; who sees it anyway needs none."""
    cases = list(matter.cases.filter(ended_on=None).values_list("pk", flat=True))
    for user in {each.pk: each for each in users}.values():
        their = get_actor(user, "desk", actor.at)
        if their.may("cases.handle", matter.node.path) or queries.is_kept_from(matter, user, actor.at):
            continue
        share_row(actor, MATTER, matter.pk, user_id=user.pk, reason=NAMED)
        for pk in cases:
            share_row(actor, CASE, pk, user_id=user.pk, reason=NAMED, can_act=True)


def _journal(actor: Actor, matter: MassMatter, verb: str, said: str) -> None:
    record(
        actor, f"cases.mass_matter.{verb}", node=matter.node, about=matter, hidden_path=matter.hidden_path,
        summary=f"{said}：{matter}"[:200],
    )  # fmt: skip
