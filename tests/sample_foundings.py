"""Sample rows of foundings and re-elections."""

from datetime import timedelta

from tests.moves import picture
from tests.worlds import World
from unionhome.core.organizations import actions as organizations
from unionhome.core.organizations.models import Founding, Organization, Reelection
from unionhome.core.organizations.rules import ElectionFacts, Seat
from unionhome.core.papers.actions import Scan, print_paper, seal_paper, write_paper
from unionhome.core.papers.models import Paper
from unionhome.core.tree.models import Node


def make_founding(world: World, node: Node, number: int) -> tuple[Founding, Paper]:
    """A union in preparation whose election is known, and its sealed request."""
    system = world.actor("system")
    facts = organizations.EmployerFacts(
        name=f"第{number}样例工厂", division_code=node.code.split("-")[0].ljust(12, "0")
    )
    founding = organizations.start_founding(system, parent_code=node.code, employer=facts)
    paper = organizations.issue_founding_paper(system, founding.pk)
    _seal(world, paper, number)
    organizations.apply_founding(system, founding.pk)
    _seal(world, organizations.issue_founding_paper(system, founding.pk), number)
    organizations.prepare_founding(system, founding.pk)
    organizations.record_founding_election(system, founding.pk, _election(world, number))
    return Founding.objects.get(pk=founding.pk), Paper.objects.get(pk=paper.pk)


def _seal(world: World, paper: Paper, number: int) -> None:
    """Through print and seal, with the scan of one page."""
    system = world.actor("system")
    doc_number, words = f"样例发〔2026〕{number}号", f"第{number}份样例公文。"
    write_paper(system, paper.pk, number=doc_number, dated_on=world.today, text=words)
    print_paper(system, paper.pk)
    seal_paper(system, paper.pk, [Scan("盖章件.jpg", picture())])


def _election(world: World, number: int) -> ElectionFacts:
    seats = (Seat("union", f"候选{number}", "主席", 9), Seat("audit", f"委员{number}", "委员", 9))
    return ElectionFacts(world.today, "members", 9, 9, 9, 0, f"厂长{number}", 3, world.today, seats)


def make_reelection(world: World, node: Node) -> Reelection:
    """The re-election of a union whose term is nearly over."""
    Organization.objects.filter(pk=node.pk, term_ends_on=None).update(
        term_ends_on=world.today + timedelta(days=20), term_starts_on=world.today - timedelta(days=1000)
    )
    return organizations.open_reelection(world.actor("system"), node.pk)
