"""The ways the product says no. Each carries a sentence fit for a worker and a stable code for machines."""

from collections.abc import Mapping


class Refused(Exception):
    """The act is not possible now.

    `sentence` is shown to people, `code` is stable for programs, `fields` maps form fields to their own sentences.
    """

    status = 409

    def __init__(
        self,
        sentence: str,
        code: str = "refused",
        *,
        fields: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.code = code
        self.fields = dict(fields or {})


class NotFound(Refused):
    """The row does not exist, or the actor may not see that it does."""

    status = 404

    def __init__(self, sentence: str = "没有找到这一页，可能已经移走，或者您没有查看它的权限。") -> None:
        super().__init__(sentence, "not-found")


NEEDS_FACTOR = "needs-factor"
"""Code of the refusal that the second factor lifts."""


class Forbidden(Refused):
    """The actor lacks the permission."""

    status = 403

    def __init__(
        self,
        sentence: str = "您的岗位没有办这件事的权限。需要时请联系本级工会的安全管理员。",
        code: str = "forbidden",
    ) -> None:
        super().__init__(sentence, code)


class BadInput(Refused):
    """What was entered cannot be taken; `fields` says where and why."""

    status = 400

    def __init__(
        self,
        sentence: str,
        code: str = "bad-input",
        *,
        fields: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(sentence, code, fields=fields)


class TooMany(Refused):
    """Too many tries in a short time."""

    status = 429

    def __init__(self, sentence: str = "操作太频繁了，请稍等几分钟再试。") -> None:
        super().__init__(sentence, "too-many")
