"""The founding of a union, step by step: draft, papers, answers of the higher union, election, seal."""

from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.urls import reverse

from unionhome.core.journal.actions import record
from unionhome.core.organizations import papers
from unionhome.core.organizations.actions.days import check_day
from unionhome.core.organizations.actions.divisions import get_division
from unionhome.core.organizations.actions.employers.known import EmployerFacts
from unionhome.core.organizations.actions.employers.register import register_employer
from unionhome.core.organizations.actions.foundings.enter import UnionFacts, check_name
from unionhome.core.organizations.actions.foundings.preparing import open_preparing
from unionhome.core.organizations.actions.terms.elections import keep_election, last_day_of
from unionhome.core.organizations.models import Election, Employer, Founding, Organization
from unionhome.core.organizations.queries import get_founding, get_founding_facts, may_issue
from unionhome.core.organizations.queries.foundings import (
    APPROVAL,
    PAPER_OF,
    REPLY,
    REPORT,
    REQUEST,
    find_approver,
    find_open_founding,
    get_answer_due,
)
from unionhome.core.organizations.rules import ElectionFacts, check_counts, check_parent
from unionhome.core.organizations.workflow import FOUNDING
from unionhome.core.papers.actions import issue_paper, withdraw_papers
from unionhome.core.papers.models import Paper
from unionhome.core.papers.queries import find_paper
from unionhome.core.registry import Actor, BadInput, Forbidden, Refused
from unionhome.core.tree.models import Node
from unionhome.core.workflow.actions import ItemFacts, move, note_step, start
from unionhome.kit.codes import mask_numbers
from unionhome.kit.papers import Letter

LABELS = {REQUEST: "筹建请示", REPLY: "同意筹建批复", REPORT: "选举结果报告", APPROVAL: "成立批复"}
WRITABLE = ("draft", "returned")
OWN = frozenset({"name", "workers_count", "women_count", "members_count", "leader_name", "party_opinion"})


@transaction.atomic
def start_founding(
    actor: Actor,
    *,
    parent_code: str,
    employer: Employer | EmployerFacts | None,
    form: str = "single",
    name: str = "",
    division_code: str = "",
    members_count: int | None = None,
    submit_key: str = "",
) -> Founding:
    """Open the founding of a union under `parent_code`; what the register knows of the employer is filled in.

    `name` defaults to the employer's name and 工会, `division_code` to the employer's, `members_count` is how many
    want to join. A repeat with the same `submit_key`, or for an employer whose founding is under way in the actor's
    sight, returns that founding. Raises BadInput at the field, Refused for an employer that has a union already.
    """
    parent = Organization.objects.select_for_update(of=("self",)).select_related("node").filter(node__code=parent_code)
    above = parent.first()
    if above is None:
        sentence = f"找不到上级工会：{parent_code or '未选择'}"
        raise BadInput(sentence, "unknown-parent", fields={"parent": sentence})
    actor.require("organizations.found", above.node.path)
    earlier = Founding.objects.filter(submit_key=submit_key).first() if submit_key else None
    if earlier is not None:
        return get_founding(actor, earlier.pk)
    check_parent(form, above.node.level, above.status)
    unit = register_employer(actor, employer) if isinstance(employer, EmployerFacts) else employer
    if unit is not None and (open_one := find_open_founding(unit)) is not None:
        return _standing(actor, open_one)
    return _open(actor, above.node, unit, form, name, division_code, members_count, submit_key)


def _standing(actor: Actor, founding: Founding) -> Founding:
    if actor.may("organizations.view", founding.node.path):
        return get_founding(actor, founding.pk)
    sentence = "这家单位已经在别处办理建会。"
    raise Refused(sentence, "founding-elsewhere", fields={"employer_name": sentence})


def _open(
    actor: Actor,
    parent: Node,
    unit: Employer | None,
    form: str,
    name: str,
    division_code: str,
    members_count: int | None,
    submit_key: str,
) -> Founding:
    if unit is not None and unit.union is not None and form == "single":
        sentence = f"“{unit.name}”已由{unit.union.name}组建工会。"
        raise Refused(sentence, "already-covered", fields={"employer_name": sentence})
    if unit is None and form == "single":
        sentence = "独立基层工会要写明所在单位。"
        raise BadInput(sentence, "no-employer", fields={"employer_name": sentence})
    name = name.strip() or (f"{unit.name}工会" if unit else "")
    if not name:
        sentence = "请填写工会名称。"
        raise BadInput(sentence, "no-name", fields={"name": sentence})
    check_name(name, parent)
    place = get_division(division_code or (unit.division_id if unit else ""), "division_code")
    try:
        with transaction.atomic():
            founding = Founding.objects.create(
                node=parent,
                approver=find_approver(parent),
                state=FOUNDING.initial,
                name=name,
                form=form,
                division_code=place.code,
                employer=unit,
                workers_count=unit.workers_count if unit else None,
                women_count=unit.women_count if unit else None,
                members_count=members_count,
                created_at=actor.at,
                submit_key=submit_key or None,
            )
    except IntegrityError as error:
        raise Refused("这家单位已经在办理建会，请刷新看看。", "founding-open") from error
    start(actor, FOUNDING, founding, _item_of(founding))
    return founding


def _item_of(founding: Founding) -> ItemFacts:
    answers = founding.state in ("applied", "reported")
    return ItemFacts(
        node=founding.approver if answers else founding.node,
        title=f"筹建{founding.name}",
        url=reverse("organizations:founding", args=[founding.pk]),
        kind_label="建会",
        icon="building-community",
        due_at=founding.due_at if answers else None,
    )


@transaction.atomic
def write_founding(actor: Actor, pk: int, **facts: Any) -> Founding:
    """Change what the request says: any of `OWN`. Raises Refused once it went up, BadInput at the field."""
    founding = lock_founding(actor, pk)
    actor.require("organizations.found", founding.node.path)
    if founding.state not in WRITABLE:
        raise Refused("已经报给上级工会，资料不能再改。", "not-draft")
    unknown = set(facts) - OWN
    if unknown:
        raise ValueError(f"no facts of a founding: {sorted(unknown)}")
    if "name" in facts:
        facts["name"] = facts["name"].strip()
        if not facts["name"]:
            sentence = "请填写工会名称。"
            raise BadInput(sentence, "no-name", fields={"name": sentence})
        check_name(facts["name"], founding.node)
    changed = {name: value for name, value in facts.items() if getattr(founding, name) != value}
    for name, value in changed.items():
        setattr(founding, name, mask_numbers(value) if isinstance(value, str) else value)
    check_counts(founding.workers_count, founding.women_count)
    if changed:
        founding.save(update_fields=list(changed))
        withdraw_papers(actor, founding, (REQUEST,), reason="资料改了，重新打印")
        _note(actor, founding, "written", f"改建会资料：{founding.name}", {"changed": sorted(changed)})
    return founding


@transaction.atomic
def issue_founding_paper(actor: Actor, pk: int) -> Paper:
    """Make the paper that the founding needs now. Raises Refused where none is missing, Forbidden for another's."""
    founding = lock_founding(actor, pk)
    kind = PAPER_OF.get(founding.state, "")
    if not kind:
        raise Refused("这一步不用打印公文。", "no-paper")
    if not may_issue(actor, founding, kind, get_founding_facts(actor, founding)):
        raise Forbidden("这份公文由上一级镇（街道）以上工会来发。" if kind in (REPLY, APPROVAL) else "")
    from_above = kind in (REPLY, APPROVAL)
    return issue_paper(
        actor,
        node=founding.approver if from_above else founding.node,
        about=founding,
        kind=kind,
        kind_label=LABELS[kind],
        letter=_letter(founding, kind),
        back_url=reverse("organizations:founding", args=[founding.pk]),
        to_node=founding.node if from_above and founding.node_id != founding.approver_id else None,
    )


def _letter(founding: Founding, kind: str) -> Letter:
    if kind == REQUEST:
        return papers.request_letter(founding)
    if kind == REPLY:
        return papers.reply_letter(founding)
    election = get_reported(founding)
    if kind == REPORT:
        signer = f"{founding.name}筹备组"
        return papers.report_letter(founding.name, founding.approver.name, election, signer=signer)
    return papers.approval_letter(founding, election, last_day_of(election))


def get_reported(founding: Founding) -> Election:
    """The election of a founding. Raises Refused where none is entered yet."""
    if founding.election is None:
        raise Refused("先登记选举结果。", "no-election")
    return founding.election


@transaction.atomic
def apply_founding(actor: Actor, pk: int, *, submit_key: str = "") -> Founding:
    """Send the request up, once its sealed copy is back. The higher union has the days of the policy to answer."""
    founding = lock_founding(actor, pk)
    _set_due(actor, founding)
    return move_founding(actor, founding, "apply", submit_key=submit_key)


def _set_due(actor: Actor, founding: Founding) -> None:
    founding.due_at = get_answer_due(actor, founding.approver)
    Founding.objects.filter(pk=founding.pk).update(due_at=founding.due_at)


@transaction.atomic
def prepare_founding(actor: Actor, pk: int, *, submit_key: str = "") -> Founding:
    """The higher union agrees: the union gets its place in the tree, in preparation, and members can be recruited."""
    founding = lock_founding(actor, pk)
    earlier = founding.organization_id
    move_founding(actor, founding, "prepare", submit_key=submit_key)
    if earlier is None:
        reply = find_paper(founding, REPLY)
        facts = UnionFacts(
            name=founding.name,
            form=founding.form,
            division_code=founding.division_code,
            founded_on=max(reply.dated_on if reply else date.min, founding.node.opened_on),
            workers_count=founding.workers_count,
            women_count=founding.women_count,
            members_count=founding.members_count,
        )
        founding.organization = open_preparing(
            actor, parent_code=founding.node.code, facts=facts, employer=founding.employer
        )
        founding.save(update_fields=["organization"])
    return founding


@transaction.atomic
def return_founding(actor: Actor, pk: int, *, reason: str, submit_key: str = "") -> Founding:
    """Send the request back to be put right."""
    founding = lock_founding(actor, pk)
    was = founding.state
    move_founding(actor, founding, "return_application", reason=reason, submit_key=submit_key)
    if was == "applied":
        withdraw_papers(actor, founding, (REQUEST, REPLY), reason=reason)
    return founding


@transaction.atomic
def record_founding_election(actor: Actor, pk: int, facts: ElectionFacts) -> Election:
    """Enter the result of the election; entered again it replaces the one before. Raises BadInput at the field."""
    founding = lock_founding(actor, pk)
    actor.require("organizations.found", founding.node.path)
    organization = founding.organization
    if founding.state != "preparing" or organization is None:
        raise Refused("同意筹建以后、报告以前，才登记选举结果。", "not-preparing")
    founding.election = keep_election(
        actor,
        organization.node,
        facts,
        term_no=1,
        has_employer=founding.employer_id is not None,
        earliest=organization.node.opened_on,
    )
    founding.save(update_fields=["election"])
    note_step(actor, FOUNDING, founding, "elect")
    withdraw_papers(actor, founding, (REPORT,), reason="选举结果改了，重新打印")
    return founding.election


@transaction.atomic
def report_founding(actor: Actor, pk: int, *, submit_key: str = "") -> Founding:
    """Report the election to the higher union, once the sealed report is back."""
    founding = lock_founding(actor, pk)
    _set_due(actor, founding)
    return move_founding(actor, founding, "report", submit_key=submit_key)


@transaction.atomic
def return_founding_election(actor: Actor, pk: int, *, reason: str, submit_key: str = "") -> Founding:
    """The election was not in order and has to be held again."""
    founding = lock_founding(actor, pk)
    was = founding.state
    move_founding(actor, founding, "return_election", reason=reason, submit_key=submit_key)
    if was == "reported":
        withdraw_papers(actor, founding, (REPORT, APPROVAL), reason=reason)
        founding.election = None
        founding.save(update_fields=["election"])
    return founding


@transaction.atomic
def approve_founding(actor: Actor, pk: int, *, submit_key: str = "") -> Founding:
    """The higher union approves: number and day are those of its sealed paper."""
    founding = lock_founding(actor, pk)
    move_founding(actor, founding, "approve", submit_key=submit_key)
    reply = find_paper(founding, APPROVAL)
    if founding.approved_on is None and reply is not None:
        check_day(actor, reply.dated_on, "dated_on")
        founding.approved_on, founding.approval_no = reply.dated_on, reply.number
        founding.save(update_fields=["approved_on", "approval_no"])
    return founding


def lock_founding(actor: Actor, pk: int) -> Founding:
    """A founding in the actor's sight, locked. Raises NotFound."""
    get_founding(actor, pk)
    Founding.objects.select_for_update().get(pk=pk)
    return get_founding(actor, pk)


def move_founding(actor: Actor, founding: Founding, verb: str, *, reason: str = "", submit_key: str = "") -> Founding:
    """Take one transition of the table with the facts of now."""
    target = FOUNDING.transition(verb).target
    facts, state = get_founding_facts(actor, founding), founding.state
    founding.state = target
    item = _item_of(founding)
    founding.state = state
    move(actor, FOUNDING, founding, verb, item=item, facts=facts, reason=reason, submit_key=submit_key)
    return founding


def _note(actor: Actor, founding: Founding, what: str, summary: str, data: dict[str, Any]) -> None:
    record(
        actor, f"organizations.founding.{what}", node=founding.node, about=founding, summary=summary[:300], data=data
    )
