"""Chinese codes: identity documents, mobile numbers, credit codes, divisions, code tables, and their masks.

Every parser returns the normal form or raises `CodeError` with a sentence for the person who typed it.
"""

from unionhome.kit.codes.credit import make_uscc, parse_uscc, uscc_kind
from unionhome.kit.codes.divisions import (
    division_full,
    division_level,
    division_parent,
    division_prefix,
    division_short,
)
from unionhome.kit.codes.identity import (
    Document,
    DocumentKind,
    Identity,
    make_identity,
    parse_document,
    parse_identity,
)
from unionhome.kit.codes.masks import mask_account, mask_document, mask_name, mask_numbers, mask_phone
from unionhome.kit.codes.normal import INVISIBLE, CodeError
from unionhome.kit.codes.phones import parse_mobile
from unionhome.kit.codes.tables import (
    DEGREES,
    EDUCATION,
    ETHNIC_GROUPS,
    HEALTH,
    INDUSTRIES,
    MARITAL,
    OCCUPATIONS,
    POLITICAL,
    SEX,
    SKILL_LEVELS,
    CodeTable,
    match_label,
)

__all__ = [
    "DEGREES",
    "EDUCATION",
    "ETHNIC_GROUPS",
    "HEALTH",
    "INDUSTRIES",
    "INVISIBLE",
    "MARITAL",
    "OCCUPATIONS",
    "POLITICAL",
    "SEX",
    "SKILL_LEVELS",
    "CodeError",
    "CodeTable",
    "Document",
    "DocumentKind",
    "Identity",
    "division_full",
    "division_level",
    "division_parent",
    "division_prefix",
    "division_short",
    "make_identity",
    "make_uscc",
    "mask_account",
    "mask_document",
    "mask_name",
    "mask_numbers",
    "mask_phone",
    "match_label",
    "parse_document",
    "parse_identity",
    "parse_mobile",
    "parse_uscc",
    "uscc_kind",
]
