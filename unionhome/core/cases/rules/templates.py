"""What a reply template may leave open, and how it is filled."""

import re
from collections.abc import Mapping

PLACEHOLDERS: Mapping[str, str] = {
    "编号": "这一件的编号",
    "事项": "类别，比如拖欠工资",
    "工会": "承办工会的名称",
    "经办人": "写答复的人的姓名",
    "电话": "承办工会的值班电话",
    "今天": "今天的月和日",
}
"""What a reply template may leave open, and what stands there in the reply."""
_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")


def plain_braces(text: str) -> str:
    """The braces of a Chinese keyboard as those that count."""
    return text.replace("｛", "{").replace("｝", "}")


def find_unknown_placeholders(text: str) -> list[str]:
    """What stands in braces but is no placeholder, in the order of the text."""
    return [name for name in _PLACEHOLDER.findall(text) if name not in PLACEHOLDERS]


def fill_placeholders(text: str, facts: Mapping[str, str]) -> str:
    """The text with each placeholder replaced by its fact."""
    return _PLACEHOLDER.sub(lambda found: facts.get(found[1], found[0]), text)
