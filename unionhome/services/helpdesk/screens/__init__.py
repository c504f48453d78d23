"""What the pages of needs show."""

from unionhome.services.helpdesk.screens.asking import like_text, route_card, share_card, share_notice
from unionhome.services.helpdesk.screens.helped import helped_rows, member_row, need_panel
from unionhome.services.helpdesk.screens.hotline import line_rows, order_rows, sheet_lines, sheet_page
from unionhome.services.helpdesk.screens.placing import place_card

__all__ = [
    "helped_rows",
    "like_text",
    "line_rows",
    "member_row",
    "need_panel",
    "order_rows",
    "place_card",
    "route_card",
    "share_card",
    "share_notice",
    "sheet_lines",
    "sheet_page",
]
