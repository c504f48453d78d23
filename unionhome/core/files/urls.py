"""Files have no address of their own: the room of the owner row scopes the row and sends its file."""

app_name = "files"
urlpatterns: list[object] = []
