"""Who speaks to the API: a device by its token."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from knox.auth import TokenAuthentication
from rest_framework.exceptions import AuthenticationFailed


class DeviceTokenAuthentication(TokenAuthentication):
    """A device token in the header `Authorization: Token ...`; only its hash is kept (monitoring.devices)."""

    def authenticate_credentials(self, token: bytes) -> Any:
        """Return the account and the token. What cannot be a token at all is refused as any wrong one."""
        if not token.isalnum():
            raise AuthenticationFailed
        return super().authenticate_credentials(token)


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
            "description": str(_("A device token, as: Token 9944b0…. An operator issues and revokes it.")),
        }
