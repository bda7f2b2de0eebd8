"""Spreadsheets."""

from django import forms
from django.utils.translation import gettext_lazy as _


class ImportForm(forms.Form):
    """A spreadsheet of nominations, and its documents in an archive."""

    workbook = forms.FileField(
        label=_("Spreadsheet"),
        widget=forms.FileInput(
            attrs={"accept": ".xlsx,.csv,application/vnd.openxmlformats-officedocument.spreadsheetml.sheet,text/csv"}
        ),
        help_text=_("One nomination a row, with the columns of the sample sheet."),
    )
    evidence = forms.FileField(
        label=_("Evidence"),
        required=False,
        widget=forms.FileInput(attrs={"accept": ".zip,application/zip"}),
        help_text=_("A ZIP archive of the files that the rows name: PDF, JPEG or PNG."),
    )


class UpgradeForm(forms.Form):
    """A spreadsheet of legacy Green Cards."""

    workbook = forms.FileField(
        label=_("Spreadsheet"),
        widget=forms.FileInput(
            attrs={"accept": ".xlsx,.csv,application/vnd.openxmlformats-officedocument.spreadsheetml.sheet,text/csv"}
        ),
        help_text=_("One Green Card a row."),
    )
