"""How the lines of a timeline read at the desk, and to the applicants of matters that follow."""

import re
from collections.abc import Iterable

DESK_TITLES = (
    (re.compile("^.+已受理$"), "受理"),
    (re.compile("^您撤回了诉求$"), "撤回诉求"),
    (re.compile("^您的评价：(.+)$"), r"评价：\1"),
    (re.compile("^等您补充，时限暂停$"), "等职工补充，时限暂停"),
    (re.compile("^办好了，请您评价$"), "提出办结，请职工评价"),
    (re.compile("^您不满意，已交(.+)重办一次$"), r"职工不满意，已交\1重办一次"),
    (re.compile("^已办结，您仍可评价$"), "到期办结，职工仍可评价"),
    (re.compile("^.+(没有接收|退回)，(回到.+|.+接着办)$"), r"\1，\2"),
)
"""Lines are written to the applicant; a colleague reads who did it before the title, and of the applicant, not "you"."""


def desk_title(title: str) -> str:
    """The title of a timeline line for the desk: 您的评价：满意 → 评价：满意."""
    for pattern, words in DESK_TITLES:
        if pattern.match(title):
            return pattern.sub(words, title)
    return title


HEARD_TITLES = {"taken": "已受理", "declined": "不受理", "done": "办好了", "silent": "到期没有回音"}
"""What an authority outside of the union said, by the answer: 市人社局已受理."""

LED_TITLES = (
    (re.compile("^(.+已受理)$"), r"\1"),
    (re.compile("^(提供帮扶|采取措施)$"), r"\1"),
    (re.compile("^(转[给由].+办理)$"), r"\1"),
    (re.compile("^(移交.+)$"), r"\1"),
    (re.compile("^(.+(已受理|不受理|办好了|到期没有回音))$"), r"\1"),
    (re.compile("^办好了，请您评价$"), "提出了办理结果"),
    (re.compile("^您不满意，已(交.+重办一次)$"), r"\1"),
)
"""Of the matter that leads, the applicants of those that follow read these lines by their titles, and nothing else."""


def led_title(title: str, also: Iterable[str] = ()) -> str:
    """The title of a line of the leader for the applicant of a follower; empty where it is not for them. `also`:
    patterns of the kind's own lines, read as they stand."""
    if any(re.fullmatch(pattern, title) for pattern in also):
        return title
    return next((pattern.sub(words, title) for pattern, words in LED_TITLES if pattern.match(title)), "")
