"""What narrows the list of records."""

from django.forms import CharField, DateField

from unionhome.kit import forms


class RecordFilter(forms.FilterForm):
    """Kind of service, first and last day; what cannot be read narrows nothing."""

    service = CharField(required=False, max_length=48)
    first = DateField(required=False)
    last = DateField(required=False)
    theme = CharField(required=False, max_length=60)
