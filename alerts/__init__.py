"""WHEN to wake whom: rules, routes and inhibition for Prometheus and Alertmanager, and the relay that delivers.

Rules are objects: functions of the settings, built on the names of Metric objects, rendered to files. There is no alert
engine here: Prometheus decides, Alertmanager groups and inhibits, `alerts.relay` carries the words to people.
"""
