"""Forms drawn by the kit: Chinese words for every error, a key that makes a double send count once, big targets.

A form turns input into clean values and saves nothing. Fields that a browser must not keep in a draft carry
`data-private`. Limits are checked here, not by the browser, so that what was typed is never cut off silently.
"""

from unionhome.kit.forms.base import FilterForm, Form, KitRenderer, dress
from unionhome.kit.forms.choices import ChoiceTiles, SwitchField
from unionhome.kit.forms.text import (
    CreditCodeField,
    DayField,
    DocumentField,
    LineField,
    MoneyField,
    PhoneField,
    TextArea,
    normalise,
)
from unionhome.kit.forms.uploads import UploadField, size_text

__all__ = [
    "ChoiceTiles",
    "CreditCodeField",
    "DayField",
    "DocumentField",
    "FilterForm",
    "Form",
    "KitRenderer",
    "LineField",
    "MoneyField",
    "PhoneField",
    "SwitchField",
    "TextArea",
    "UploadField",
    "dress",
    "normalise",
    "size_text",
]
