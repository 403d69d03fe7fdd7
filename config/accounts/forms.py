"""The forms of accounts: the library's, with our words, for people who type on a phone and for password managers."""

from __future__ import annotations

from typing import Any

from allauth.account import forms as account_forms
from allauth.mfa.base import forms as code_forms
from allauth.mfa.totp.forms import ActivateTOTPForm
from django import forms
from django.contrib.auth.forms import SetPasswordForm
from django.utils.translation import gettext_lazy as _

from config.accounts.adapters import counted
from monitoring import audit

RECOMMENDED = _("At least 12 characters; 15 or more are better, such as four words that do not belong together.")
CODE = {"autocomplete": "one-time-code", "autocapitalize": "off", "spellcheck": "false", "autofocus": True}


def _said(field: forms.Field, label: Any, help_text: Any = "", **attributes: Any) -> None:
    """Give a field of the library our words; a placeholder is no label."""
    field.label, field.help_text = label, help_text
    field.widget.attrs.pop("placeholder", None)
    field.widget.attrs.update(attributes)


class LoginForm(account_forms.LoginForm):
    """By name and password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _said(self.fields["login"], _("User name"), autocapitalize="none", spellcheck="false", autofocus=True)
        _said(self.fields["password"], _("Password"))


class ReauthenticateForm(account_forms.ReauthenticateForm):
    """The password once more."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _said(self.fields["password"], _("Password"), autofocus=True)


class ChangePasswordForm(account_forms.ChangePasswordForm):
    """Another password for the one that holds."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _said(self.fields["oldpassword"], _("Present password"))
        _said(self.fields["password1"], _("New password"), RECOMMENDED)
        _said(self.fields["password2"], _("The same again"))


class InvitedForm(SetPasswordForm):
    """The password of somebody who was invited."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _said(self.fields["new_password1"], _("Your password"), RECOMMENDED, autofocus=True)
        _said(self.fields["new_password2"], _("The same again"))


class _AuditedCode(code_forms.BaseAuthenticateForm):
    """A code of the app, or one of the recovery codes; a wrong one leaves its row, one that was not looked at none."""

    refused = "session.begin"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _said(self.fields["code"], _("Code"), _("Six digits from the app on your phone, or one recovery code."), **CODE)

    def clean_code(self) -> str:
        """Return the code where it holds. Raises ValidationError."""
        try:
            with counted():
                return super().clean_code()
        except forms.ValidationError as error:
            if error.code == "incorrect_code":
                audit.denied(self.refused, by=None, on=self.user, reason="second_factor")
            raise


class AuthenticateForm(_AuditedCode, code_forms.AuthenticateForm):
    """At the login."""


class ReauthenticateByCodeForm(_AuditedCode, code_forms.ReauthenticateForm):
    """Before something grave."""

    refused = "session.prove"


class ActivateForm(ActivateTOTPForm):
    """The first code of a new app shows that it was set up."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _said(
            self.fields["code"], _("Code"), _("Six digits that the app shows now."), **(CODE | {"inputmode": "numeric"})
        )


class NewDeviceForm(forms.Form):
    """What the holder calls the device; the rule is the verb's."""

    name = forms.CharField(
        label=_("Name of the device"),
        help_text=_("So that you know it again when it is lost, such as “field phone 2”. No name of a person."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "maxlength": 80}),
    )
