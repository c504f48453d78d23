"""The one shape of a refusal in kit: a sentence for people and a code for machines."""

from __future__ import annotations


class InputRefused(ValueError):
    """A value that cannot be accepted.

    ``sentence`` is Chinese, fit to be shown as it is; ``code`` is stable and meant for programs.
    """

    def __init__(self, sentence: str, code: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.code = code

    def __reduce__(self) -> tuple[type[InputRefused], tuple[str, str]]:
        return type(self), (self.sentence, self.code)
