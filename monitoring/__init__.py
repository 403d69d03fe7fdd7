"""The mechanism: agreements, parties, guarantors, provisions, zones, areas, teams, people; the ledger and the audit."""
