from django.urls import path

from unionhome.core.ledger import views

app_name = "ledger"
urlpatterns = [
    path("desk/ledger/", views.purses, name="list"),
    path("desk/ledger/export/", views.export_purses, name="export"),
    path("desk/ledger/receive/", views.receive, name="receive"),
    path("desk/ledger/accounts/<int:account_id>/", views.purse, name="purse"),
    path("desk/ledger/accounts/<int:account_id>/export/", views.export_transfers, name="export_purse"),
    path("desk/ledger/transfers/<int:transfer_id>/", views.transfer, name="transfer"),
    path("desk/ledger/transfers/<int:transfer_id>/reverse/", views.reverse_transfer, name="reverse"),
    path("desk/ledger/reversals/<int:reversal_id>/confirm/", views.confirm, name="confirm"),
    path("desk/ledger/reversals/<int:reversal_id>/refuse/", views.refuse, name="refuse"),
]
