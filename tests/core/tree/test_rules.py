import pytest
from hypothesis import given
from hypothesis import strategies as st

from unionhome.core.registry import BadInput
from unionhome.core.tree.rules import MOST_CHILDREN, after, prefixes, step_text


@given(st.integers(0, MOST_CHILDREN - 1), st.integers(0, MOST_CHILDREN - 1))
def test_steps_sort_like_serials(one, other):
    assert (step_text(one) < step_text(other)) == (one < other)
    assert len(step_text(one)) == 4


@pytest.mark.parametrize("serial", [-1, MOST_CHILDREN])
def test_serial_out_of_range(serial):
    with pytest.raises(BadInput):
        step_text(serial)


@given(st.lists(st.integers(0, MOST_CHILDREN - 1), min_size=1, max_size=5), st.integers(0, MOST_CHILDREN - 1))
def test_a_branch_is_a_range(serials, other):
    path = "".join(map(step_text, serials))
    below = path + step_text(other)
    assert path <= path < after(path) and path <= below < after(path)
    sibling = path[:-4] + step_text((serials[-1] + 1) % MOST_CHILDREN)
    assert not path <= sibling < after(path) or sibling == path


def test_prefixes():
    assert prefixes("0000000a000b") == ["0000", "0000000a", "0000000a000b"]
    assert prefixes("") == []
