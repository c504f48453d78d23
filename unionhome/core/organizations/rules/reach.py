"""Who may change what of which union."""

from collections.abc import Iterable
from dataclasses import dataclass

from unionhome.core.organizations.rules.words import MANAGING_LEVELS, OWN_FACTS
from unionhome.core.registry import Forbidden


@dataclass(frozen=True, slots=True)
class Reach:
    """How far somebody's grants reach on one node."""

    manages: bool
    is_own: bool

    def check(self, fields: Iterable[str] = ()) -> None:
        """Raise Forbidden unless the change, of `fields` where facts change, lies within reach."""
        if self.manages:
            return
        if not self.is_own:
            raise Forbidden("这个工会由上级镇（街道）以上工会办理变更，村和企业工会不能改别的工会。")
        beyond = set(fields) - OWN_FACTS
        if beyond or not fields:
            raise Forbidden("本级工会可以自己改地址、电话和上报人数；名称、届次、批复和上级由上一级工会办理。")


def reach_of(grants: Iterable[tuple[str, str]], node_path: str, *, is_system: bool = False) -> Reach:
    """How far grants, each (level of its node, its path), reach on the node at `node_path`.

    Approval is always the next higher union's (工会法第十二条): a town, county or city decides about what lies
    below it, the city alone about itself; everybody else only keeps its own contact facts and reported numbers.
    """
    manages, is_own = is_system, False
    for level, path in grants:
        if not node_path.startswith(path):
            continue
        above = node_path != path or level == "city"
        manages = manages or (above and level in MANAGING_LEVELS)
        is_own = is_own or node_path == path
    return Reach(manages, is_own)
