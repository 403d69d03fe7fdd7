"""The doors of accounts: logging in, the second factor, sessions, devices, invitations. One login for every page."""
