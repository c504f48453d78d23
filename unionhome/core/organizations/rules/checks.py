"""What the register refuses: parents, terms, numbers and codes that cannot be."""

from datetime import date

from unionhome.core.organizations.rules.words import LEVELS, level_of_form
from unionhome.core.registry import BadInput


def check_parent(form: str, parent_level: str, parent_status: str) -> None:
    """Whether a union of that form may stand under that parent. Raises BadInput at field `parent`."""
    sentence = ""
    if parent_status != "active":
        sentence = "上级工会不在正常状态，请换一个正常的上级工会。"
    elif form in ("branch", "group") and parent_level not in ("grassroots", "group"):
        sentence = "分会和小组只能建在基层工会下面。"
    elif LEVELS.index(parent_level) > LEVELS.index(level_of_form(form)):
        sentence = "小组下面不能再建基层工会，上级的层级不能低于下级。"
    elif parent_level == "group":
        sentence = "小组下面不能再建组织。"
    if sentence:
        raise BadInput(sentence, "bad-parent", fields={"parent": sentence})


def check_term(starts_on: date | None, ends_on: date | None, years: int | None) -> None:
    """A term lies forward and lasts 3 or 5 years. Raises BadInput at field `term_ends_on` or `term_years`."""
    if years is not None and years not in (3, 5):
        sentence = "任期只有 3 年或 5 年。"
        raise BadInput(sentence, "bad-term", fields={"term_years": sentence})
    if starts_on and ends_on and ends_on <= starts_on:
        sentence = "本届止应晚于本届起。"
        raise BadInput(sentence, "bad-term", fields={"term_ends_on": sentence})


def check_certificate(issued_on: date | None, ends_on: date | None) -> None:
    """A certificate is valid after the day of its issue. Raises BadInput at field `legal_ends_on`."""
    if issued_on and ends_on and ends_on <= issued_on:
        sentence = "有效期至应晚于发证日期。"
        raise BadInput(sentence, "bad-certificate", fields={"legal_ends_on": sentence})


def check_counts(workers: int | None, women: int | None) -> None:
    """Women are among the workers. Raises BadInput at field `women_count`."""
    if workers is not None and women is not None and women > workers:
        sentence = "女职工人数不能多于职工人数。"
        raise BadInput(sentence, "bad-count", fields={"women_count": sentence})


def check_own_prefix(uscc: str) -> None:
    """A union's own code comes from the union register (first character 8). Raises BadInput at field `uscc`."""
    if uscc and not uscc.startswith("8"):
        sentence = "工会自己的代码以 8 开头，这像是单位的代码，请填到单位那一栏。"
        raise BadInput(sentence, "not-union-code", fields={"uscc": sentence})


def check_employer_prefix(uscc: str) -> None:
    """An employer's code is no union's. Raises BadInput at field `employer_uscc`."""
    if uscc.startswith("8"):
        sentence = "这是工会的代码，请填单位营业执照上的代码。"
        raise BadInput(sentence, "union-code", fields={"employer_uscc": sentence})
