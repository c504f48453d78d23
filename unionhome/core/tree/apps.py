from unionhome.core.registry import Card, Room


class TreeRoom(Room):
    name = "unionhome.core.tree"
    label = "tree"
    verbose_name = "工会树"
    default = True
    card = Card(title="工会树", icon="sitemap", journal_objects={"tree.node": "工会"})
