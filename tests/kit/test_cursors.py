import pytest
from django.core import signing

from unionhome.kit.cursors import SALT, make_cursor, read_cursor
from unionhome.kit.errors import InputRefused


def test_a_mark_leads_back_to_its_row() -> None:
    assert read_cursor("figures/a?node=1", make_cursor("figures/a?node=1", 731_692)) == 731_692
    assert read_cursor("anything", "") == 0


@pytest.mark.parametrize("kind", ["word", "other", "cut", "nul", "shape"])
def test_a_mark_of_another_list_or_made_up_is_refused(kind: str) -> None:
    cursors = {
        "word": "x",
        "other": make_cursor("other", 5),
        "cut": make_cursor("list", 5)[:-1],
        "nul": "\x00",
        "shape": signing.dumps("list", salt=SALT),
    }
    cursor = cursors[kind]
    with pytest.raises(InputRefused) as refusal:
        read_cursor("list", cursor)
    assert refusal.value.code == "bad-cursor"
