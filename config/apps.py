"""Which admin site Django uses."""

from django.contrib.admin import apps


class MechanismAdminConfig(apps.AdminConfig):
    """Django's admin with the mechanism's site in place of the stock one; not what the app `config` itself is."""

    default = False
    default_site = "config.admin.MechanismAdminSite"
