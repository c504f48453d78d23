"""The words about a matter for a group of colleagues, and the same as a picture."""

from unionhome.core.cases import queries
from unionhome.core.cases.clocks import list_lights
from unionhome.core.cases.models import Case
from unionhome.core.cases.screens.desk import group_text
from unionhome.core.registry import Actor
from unionhome.kit.papers import Notice


def group_words(actor: Actor, case: Case) -> str:
    """As on the page of the matter; empty where nobody may send it round. The caller has scoped the case."""
    kind = queries.get_kind(case.kind)
    is_quiet = bool(queries.get_own_facts(actor, case).get("is_quiet"))
    lights = list_lights(case, actor.at)
    return group_text(case, kind.category(case.category), kind.table.state(case.state), lights, is_quiet=is_quiet)


def group_notice(actor: Actor, case: Case) -> Notice | None:
    """The same words as a picture: no name, no phone, no employer. None where there are no words."""
    words = group_words(actor, case)
    if not words:
        return None
    heading, _, rest = words.removeprefix("【").partition("】")
    return Notice(heading, (rest.strip(),), foot="工作群通报，不含姓名、电话和单位。")
