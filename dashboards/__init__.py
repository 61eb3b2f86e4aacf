"""WHAT people see: Grafana boards as code, and the reports for telecom partners.

A board shows what the store holds and what the alerts decided; it decides nothing itself. Queries are built from
`Metric` and `Recorded` objects and inventory's label names, never typed. Not here: thresholds (alerts/settings.py) and
the words (collectors/messages).
"""
