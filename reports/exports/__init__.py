"""The tables behind an edition, as they leave: incidents, findings, returns; by COPY, at the reader's tier."""
