"""Why an item of the inbox cannot be given to a colleague. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from unionhome.core.registry import BadInput

MOST_GIVEN = 100
"""So many items are given at once: two pages of the inbox."""


def check_choice(item_ids: Sequence[int]) -> None:
    """Raises BadInput where nothing or too much is chosen."""
    if not item_ids:
        raise BadInput("请先选中要交给同事的事项。", "nothing-chosen")
    if len(set(item_ids)) > MOST_GIVEN:
        raise BadInput(f"一次最多交{MOST_GIVEN}件，请分几次办。", "too-many-chosen")


@dataclass(frozen=True, slots=True)
class Giving:
    """What is known of one item and of the two people. `union` is whose turn it is; `receiver` the colleague's name,
    empty while none is chosen."""

    is_done: bool
    is_own: bool
    union: str
    is_personal: bool
    is_case: bool
    is_led: bool
    giver_may: bool
    receiver: str = ""
    has_it: bool = False
    receiver_sees: bool = True
    receiver_may: bool = True


def why_not(facts: Giving) -> str:
    """The sentence that says why not; empty where it can be given."""
    sentences = (
        (facts.is_done, "已经办完了"),
        (not facts.is_own, f"现在由{facts.union}办理，只能分本工会的"),
        (facts.is_personal, "由导入的人自己办，不能交给别人"),
        (facts.is_led, "并入办理的随牵头的那一件走，请分牵头的那一件"),
        (facts.is_case and not facts.giver_may, "您的岗位不能办诉求，请能办的同事来分"),
        (facts.has_it, f"已经是{facts.receiver}经办"),
        (not facts.receiver_sees, f"{facts.receiver}的岗位看不到这一件"),
        (facts.is_case and not facts.receiver_may, f"{facts.receiver}的岗位不能办诉求"),
    )
    return next((sentence for is_so, sentence in sentences if is_so), "")
