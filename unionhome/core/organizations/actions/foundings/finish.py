"""The end of a founding: the union stands, or it was given up."""

from datetime import date

from django.db import transaction
from django.utils import timezone

from unionhome.core.organizations.actions.days import check_day
from unionhome.core.organizations.actions.foundings.enter import clean_own_uscc
from unionhome.core.organizations.actions.foundings.preparing import close_preparing, stand_up
from unionhome.core.organizations.actions.foundings.stages import get_reported, lock_founding, move_founding
from unionhome.core.organizations.actions.terms.elections import last_day_of, seat_officers, seats_of
from unionhome.core.organizations.models import Founding, Organization
from unionhome.core.organizations.queries.following import count_members
from unionhome.core.organizations.queries.foundings import REPORT, REQUEST
from unionhome.core.papers.actions import withdraw_papers
from unionhome.core.registry import Actor, BadInput, Refused
from unionhome.kit.codes import mask_numbers


@transaction.atomic
def complete_founding(
    actor: Actor,
    pk: int,
    *,
    seal_on: date,
    uscc: str = "",
    certificate_no: str = "",
    certificate_on: date | None = None,
    bank_name: str = "",
    account_on: date | None = None,
    submit_key: str = "",
) -> Founding:
    """Note seal, certificate and account: the union stands from the day of its approval, with its first committee.

    Raises BadInput at the field for days before the approval or in the future and for a wrong or taken own code.
    """
    founding = lock_founding(actor, pk)
    days = {"seal_on": seal_on, "certificate_on": certificate_on, "account_on": account_on}
    for field, day in days.items():
        if day is not None:
            _check_day(actor, founding, day, field)
    founding.seal_on, founding.certificate_no, founding.certificate_on = seal_on, certificate_no.strip(), certificate_on
    founding.bank_name, founding.account_on = mask_numbers(bank_name.strip()), account_on
    founding.save(update_fields=[*days, "certificate_no", "bank_name"])
    clean_own_uscc(uscc, except_pk=founding.organization_id)
    was = founding.state
    move_founding(actor, founding, "complete", submit_key=submit_key)
    if was == "approved" and founding.organization is not None and founding.approved_on is not None:
        _found(actor, founding, founding.organization, founding.approved_on, uscc)
    return founding


def _check_day(actor: Actor, founding: Founding, day: date, field: str) -> None:
    check_day(actor, day, field)
    if founding.approved_on is not None and day < founding.approved_on:
        sentence = f"不能早于批复成立那天（{founding.approved_on:%Y-%m-%d}）。"
        raise BadInput(sentence, "before-approval", fields={field: sentence})


def _found(actor: Actor, founding: Founding, organization: Organization, on: date, uscc: str) -> None:
    election = get_reported(founding)
    facts = {
        "uscc": uscc,
        "approved_by": founding.approver.name,
        "approval_no": founding.approval_no,
        "term_no": election.term_no,
        "term_years": election.term_years,
        "term_starts_on": election.term_starts_on,
        "term_ends_on": last_day_of(election),
        "members_count": election.members_count,
        "legal_no": founding.certificate_no,
        "legal_issued_on": founding.certificate_on,
        "account_on": founding.account_on,
    }
    stand_up(actor, organization, on=on, facts=facts)
    seat_officers(actor, organization, seats_of(election), on=election.term_starts_on)


@transaction.atomic
def cancel_founding(actor: Actor, pk: int, *, reason: str, submit_key: str = "") -> Founding:
    """Give it up. A union in preparation leaves the tree. Raises Refused while it has members: they are moved before.

    The reply of the union above stays with that union as it is; what this union issued no longer counts.
    """
    founding = lock_founding(actor, pk)
    was = founding.state
    _refuse_with_members(founding)
    move_founding(actor, founding, "cancel", reason=reason, submit_key=submit_key)
    if was != "cancelled":
        withdraw_papers(actor, founding, (REQUEST, REPORT), reason=reason)
        if founding.organization is not None:
            close_preparing(actor, founding.organization, on=timezone.localdate(actor.at))
    return founding


def _refuse_with_members(founding: Founding) -> None:
    if founding.organization is None:
        return
    members, _ = count_members(founding.organization.node)
    if members:
        raise Refused(f"筹建中的工会已有 {members} 名会员，先把他们转到别的工会。", "has-members")
