"""The pages of one's own account: second factor, recovery codes, password, devices; and the invitation to it.

django-allauth's views, told what else belongs to their acts here: the audit, and that sessions end.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from allauth.account.decorators import reauthentication_required
from allauth.account.internal.flows.login import perform_password_login
from allauth.account.models import Login
from allauth.mfa.recovery_codes.views import GenerateRecoveryCodesView
from allauth.mfa.totp.views import ActivateTOTPView, DeactivateTOTPView
from django.contrib import messages
from django.contrib.auth import logout, update_session_auth_hash
from django.contrib.auth.views import INTERNAL_RESET_SESSION_TOKEN, LogoutView, PasswordResetConfirmView
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache

from config.accounts.forms import InvitedForm, NewDeviceForm
from config.browsers import FORGET
from monitoring import accreditation, audit, canonical, devices, invitations, second_factor
from monitoring.admission import admission_on
from monitoring.errors import Refusal
from monitoring.models import Accreditation, User
from reports.pages import ReadersView
from reports.renderers import values


class Logout(LogoutView):
    """Log out, by POST alone."""

    http_method_names = ["post", "options"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """End the session; its row says so."""
        if isinstance(request.user, User):
            audit.done("session.end", by=request.user)
        response: HttpResponse = super().post(request, *args, **kwargs)
        response["Clear-Site-Data"] = FORGET
        return response


def _accreditations(user: User) -> Any:
    """Those that the person holds now, truce by truce."""
    held = accreditation.held_by(user, *accreditation.Role.values)
    sent = ("agreement", "team", "sent_by_guarantor", "sent_by_party", "observer")
    return held.select_related(*sent).order_by("agreement__code", "role", "pk")


def _held(row: Accreditation) -> dict[str, Any]:
    zone = row.agreement.terms.time_zone
    return {
        "role": row.get_role_display(),
        "agreement": row.agreement.name,
        "simulated": row.agreement.simulated,
        "team": row.team.name if row.team else "",
        "sender": row.sender.name if row.sender else _("nobody"),
        "until": values.instant(canonical.instant(row.until), zone) if row.until else "",
    }


@method_decorator(never_cache, name="dispatch")
class Account(ReadersView):
    """As what one is accredited, and what one may do oneself: second factor, password, devices."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show it."""
        context = {
            "title": _("Your account"),
            "admission": admission_on(request),
            "held": [_held(row) for row in _accreditations(self.reader)],
            "files": accreditation.Role.MONITOR in admission_on(request).roles,
            "devices": devices.of(self.reader).count(),
            "has_recovery_codes": second_factor.has_recovery_codes(self.reader),
        }
        return render(request, "config/accounts/account.html", context)


class SetUp(ActivateTOTPView):
    """Set up a second factor. Sessions that were begun without it end; this one goes on, under another key."""

    def form_valid(self, form: Any) -> HttpResponse:
        """Note it, and show the recovery codes."""
        response = super().form_valid(form)
        user = self.request.user
        assert isinstance(user, User)  # noqa: S101 - login is required
        second_factor.was_set_up(user)
        update_session_auth_hash(self.request, user)
        return response


class Remove(DeactivateTOTPView):
    """Take the second factor away, to set up another; where a role wants one, that comes before anything else."""

    success_url = "/account/"

    def form_valid(self, form: Any) -> HttpResponse:
        """Note it."""
        assert isinstance(self.request.user, User)  # noqa: S101 - login is required
        audit.done("second_factor.remove", by=self.request.user, on=self.request.user)
        return super().form_valid(form)


class NewRecoveryCodes(GenerateRecoveryCodesView):
    """Other recovery codes in place of those that are left."""

    def form_valid(self, form: Any) -> HttpResponse:
        """Note it."""
        assert isinstance(self.request.user, User)  # noqa: S101 - login is required
        audit.done("recovery_codes.make", by=self.request.user, on=self.request.user)
        return super().form_valid(form)


@method_decorator(never_cache, name="dispatch")
class Devices(ReadersView):
    """One's devices with a token; a new one's is shown once."""

    http_method_names = ["get", "head", "post"]

    def get(self, request: HttpRequest) -> HttpResponse:
        """List them."""
        return self._page(NewDeviceForm())

    @method_decorator(reauthentication_required(app="allauth.account"))
    def post(self, request: HttpRequest) -> HttpResponse:
        """Make a token. Asked for a proof first where the last one is a while ago."""
        form = NewDeviceForm(request.POST)
        token = ""
        if form.is_valid():
            try:
                token = devices.issue(self.reader, name=form.cleaned_data["name"], by=self.reader)
            except Refusal as refusal:
                form.add_error("name", refusal.message)
            else:
                form = NewDeviceForm()
        return self._page(form, token=token)

    def _page(self, form: NewDeviceForm, token: str = "") -> HttpResponse:
        context = {
            "title": _("Your devices"),
            "devices": devices.of(self.reader),
            "form": form,
            "token": token,
            "days": devices.LASTS.days,
        }
        status = 400 if form.errors else 200
        return render(self.request, "config/accounts/devices.html", context, status=status)


class RevokeDevice(ReadersView):
    """Take a device's token away, at once: no further proof is asked, for the phone may be in other hands."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, id: UUID) -> HttpResponse:  # noqa: A002
        """Revoke it."""
        device = devices.revoke_one(devices.of(self.reader), id, by=self.reader)
        messages.success(request, _("“%(name)s” can no longer speak for you.") % {"name": device.name})
        return redirect("devices")


class Invitation(PasswordResetConfirmView):
    """Set a password by a link of invitation, and be led on: to the second factor, then to work.

    The link leaves the address bar before anything is typed: it is kept in the session, and the page is another.
    """

    token_generator = invitations.tokens
    form_class = InvitedForm
    template_name = "config/accounts/invitation.html"
    title = gettext_lazy("Your invitation")
    reset_url_token = "password"  # noqa: S105 - what stands in the address in its place

    def get_user(self, uidb64: str) -> User | None:
        """Return the account that is invited; the address holds its public identifier."""
        try:
            return User.objects.filter(public_id=UUID(uidb64), is_active=True).first()
        except ValueError:
            return None

    def form_valid(self, form: Any) -> HttpResponse:
        """Set it, and log in as at the login: whoever has a second factor is asked for it."""
        user = self.user
        assert isinstance(user, User)  # noqa: S101 - the link was good
        token = self.request.session[INTERNAL_RESET_SESSION_TOKEN]
        try:
            invitations.accept(user, token, password=form.cleaned_data["new_password1"])
        except Refusal:  # somebody was quicker
            self.validlink = False
            return self.render_to_response(self.get_context_data())
        if self.request.user.is_authenticated:
            logout(self.request)
        else:
            self.request.session.flush()
        return perform_password_login(self.request, {"username": user.username}, Login(user=user))
