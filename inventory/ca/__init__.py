"""A small certificate authority for one province: who may write into its monitoring, and until when.

build   the certificates themselves. Pure
folder  the authority's folder: its files, what it has issued, what it has taken back
cli     `communewatch inventory ca init|issue|renew|server|revoke|list`
"""
