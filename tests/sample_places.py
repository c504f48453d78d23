"""The divisions in which the sample rows lie."""

from tests.worlds import World
from unionhome.core.organizations import actions
from unionhome.core.organizations.models import (
    CoveredUnit,
    Division,
    Employer,
    GridCell,
    GridUnit,
    Organization,
    UnionSheet,
)
from unionhome.core.organizations.rules import form_of_level
from unionhome.core.registry import Actor
from unionhome.core.tree.models import Node

DIVISIONS = (
    ("610500", "渭南市", "city", ""),
    ("610502", "临渭区", "county", "610500"),
    ("610503", "华州区", "county", "610500"),
    ("610502001", "人民街道", "town", "610502"),
    ("610502002", "杜桥街道", "town", "610502"),
    ("610503001", "华州街道", "town", "610503"),
    ("610502001001", "园里堡社区", "village", "610502001"),
    ("610502001002", "南塘社区", "village", "610502001"),
)


def enter_divisions() -> None:
    """Enter them all."""
    made: dict[str, Division] = {}
    for code, name, level, parent in DIVISIONS:
        made[code] = Division.objects.create(
            code=code.ljust(12, "0"), name=name, level=level, parent=made.get(parent), prefix=code, year=2023
        )


def hand_in_unions(actor: Actor, node: Node, number: int) -> UnionSheet:
    """A sheet of unions that waits to be confirmed: one row that may be taken, one that cannot."""
    head = "工会编码,工会名称,上级工会编码,工会层级,工会类型,行政区划代码,单位名称"
    firm, place = f"样例表第{number}厂", node.code.split("-")[0]
    row = f"{place}-Q8{number:03d},{firm}工会,{node.code},基层,独立基层工会,{place},{firm}"
    data = f"{head}\n{row}\n错行,,,,,,\n".encode()
    sheet = actions.hand_in_sheet(actor, data, name=f"组织样例{number}.csv", in_background=False)
    return actions.check_sheet(actor, sheet.pk)


def make_cell(world: World, place: str, number: int, phone: str) -> tuple[GridCell, GridUnit]:
    """A grid cell of the place with its worker, and an employer without a union in it."""
    system, on = world.actor("system"), world.today
    cell = actions.create_cell(system, actions.CellFacts(place, on, name=f"样例网格{number}号"))
    actions.assign_worker(system, cell.pk, name=f"格员{number}", phone=phone, on=on)
    firm = actions.EmployerFacts(name=f"第{number}样例作坊", division_code=place)
    employer = actions.enter_employer(system, firm)
    actions.assign_units(system, cell.pk, employers=[employer.pk], on=on)
    return cell, GridUnit.objects.get(cell=cell, ends_on=None)


def enter_unions(world: World) -> None:
    """The world's nodes as federations and employers' unions, each of these with its employer."""
    system = world.actor("system")
    for node in world.nodes.values():
        code = (node.code if node.is_local else node.code[:9]).ljust(12, "0")
        form = form_of_level(node.level) if node.is_local else "single"
        union = Organization.objects.create(node=node, form=form, division_id=code, founded_on=node.opened_on)
        if node.is_local:
            continue
        facts = actions.EmployerFacts(name=node.name.removesuffix("工会"), division_code=code)
        employer = actions.register_employer(system, facts)
        CoveredUnit.objects.create(node=node, employer=employer, starts_on=node.opened_on)
        Employer.objects.filter(pk=employer.pk).update(union=node)
        union.employer = employer
        union.save(update_fields=["employer"])
    actions.settle_spans([node.pk for node in world.nodes.values()])
