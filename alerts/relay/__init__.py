"""The relay: takes notifications from Alertmanager, puts them into words, and delivers each exactly where it belongs.

A notification is on disk before Alertmanager hears "200", and leaves the disk when a channel has taken it.
"""
