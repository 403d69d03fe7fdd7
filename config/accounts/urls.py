"""Where the pages of accounts are. Names that begin with account_ and mfa_ are django-allauth's."""

from allauth.account import views as account
from allauth.mfa.base import views as second_factor
from allauth.mfa.recovery_codes import views as recovery_codes
from django.urls import path
from django.views.generic import RedirectView

from config.accounts import pages

urlpatterns = [
    path("login/", account.login, name="account_login"),
    path("login/code/", second_factor.authenticate, name="mfa_authenticate"),
    path("logout/", pages.Logout.as_view(), name="logout"),
    path("invitation/<uidb64>/<token>/", pages.Invitation.as_view(), name="invitation"),
    path("account/", pages.Account.as_view(), name="account"),
    path("account/again/", account.reauthenticate, name="account_reauthenticate"),
    path("account/again/code/", second_factor.reauthenticate, name="mfa_reauthenticate"),
    path("account/password/", account.password_change, name="account_change_password"),
    path("account/second-factor/", RedirectView.as_view(pattern_name="account"), name="mfa_index"),
    path("account/second-factor/set-up/", pages.SetUp.as_view(), name="mfa_activate_totp"),
    path("account/second-factor/remove/", pages.Remove.as_view(), name="mfa_deactivate_totp"),
    path("account/recovery-codes/", recovery_codes.view_recovery_codes, name="mfa_view_recovery_codes"),
    path("account/recovery-codes/new/", pages.NewRecoveryCodes.as_view(), name="mfa_generate_recovery_codes"),
    path("account/devices/", pages.Devices.as_view(), name="devices"),
    path("account/devices/<uuid:id>/revoke/", pages.RevokeDevice.as_view(), name="device-revoke"),
]
