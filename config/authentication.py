"""Who speaks to the API: a device by its token, for a holder who is accredited now."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from knox.auth import TokenAuthentication
from rest_framework.exceptions import AuthenticationFailed, PermissionDenied

from monitoring import devices


class DeviceTokenAuthentication(TokenAuthentication):
    """A device token in the header `Authorization: Token ...`; only its hash is kept (monitoring.devices)."""

    def authenticate(self, request: Any) -> Any:
        """Return the account and the token, None where none is sent; the request knows what they are admitted to."""
        found = super().authenticate(request)
        if found is not None:
            request._request.admission = self._admission
        return found

    def authenticate_credentials(self, token: bytes) -> Any:
        """Return the account and the token, looked up with all that is asked of them. What is none is refused.

        So is the token of a person who holds no accreditation any more. Raises PermissionDenied where a role of the
        holder wants a second factor that they have not set up: no device is a way round it.
        """
        if not token.isalnum():
            raise AuthenticationFailed
        found = devices.speaking(token.decode())
        if found is None or not found[1].is_somebody:
            raise AuthenticationFailed
        device, admission = found
        if admission.must_set_up_second_factor:
            sentence = _("Your role wants a second factor. Log in on the pages of the service and set it up first.")
            raise PermissionDenied(sentence, code="second_factor_missing")
        self._admission = admission
        devices.note_use(device)
        return device.user, device


class DeviceTokenScheme(OpenApiAuthenticationExtension):
    """How the description names it."""

    target_class = DeviceTokenAuthentication
    name = "deviceToken"

    def get_security_definition(self, auto_schema: Any) -> dict[str, Any]:
        """Describe the header."""
        return {
            "type": "apiKey",
            "in": "header",
            "name": "Authorization",
            "description": str(_("A device token, as: Token 9944b0…. Made and revoked on the page of devices.")),
        }
