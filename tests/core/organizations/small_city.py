"""The divisions and the moment of this room's tests."""

from datetime import UTC, datetime
from pathlib import Path

from tests.worlds import World
from unionhome.core.organizations import actions, rules
from unionhome.core.organizations.models import CoveredUnit, Employer, Organization

AT = datetime(2026, 11, 24, 2, 20, tzinfo=UTC)
ROWS = """code12,name,level,parent_code12
610500000000,渭南市,city,
610502000000,临渭区,county,610500000000
610503000000,华州区,county,610500000000
610502001000,人民街道,town,610502000000
610502100000,桥南镇,town,610502000000
610503100000,赤水镇,town,610503000000
610502001001,园里堡社区居委会,village,610502001000
610502001002,南塘社区居民委员会,village,610502001000
610502100200,赵村委会,village,610502100000
610502100201,李家村村民委员会,village,610502100000
610503100200,西郊居委会,village,610503100000
"""


def register_unions(world: World, edition: Path) -> World:
    """Register the unions of the house's world: federations, two enterprise unions and their employers."""
    system = world.actor("system")
    edition.write_text(
        ROWS + "610502002000,杜桥街道,town,610502000000\n" + "610503001000,华州街道,town,610503000000\n",
        encoding="utf-8",
    )
    actions.load_divisions(system, edition, 2023)
    for name, node in world.nodes.items():
        code = (node.code if node.is_local else node.code[:9]).ljust(12, "0")
        form = rules.form_of_level(node.level) if node.is_local else "single"
        Organization.objects.create(node=node, form=form, division_id=code, founded_on=node.opened_on)
        if not node.is_local:
            employer = actions.register_employer(
                system,
                actions.EmployerFacts(name=node.name.removesuffix("工会"), division_code=code),
            )
            CoveredUnit.objects.create(node=node, employer=employer, starts_on=node.opened_on)
            Employer.objects.filter(pk=employer.pk).update(union=node)
            Organization.objects.filter(node=world.nodes[name]).update(employer=employer)
    actions.settle_spans([node.pk for node in world.nodes.values()])
    return world
