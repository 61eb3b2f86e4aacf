"""The durable buffer: what the agent measured, kept on disk until every receiver has taken it, and a while longer.

scrape   one look at everything that /metrics shows. Pure
ranges   which scrapes a receiver has taken. Pure
port     what a buffer does for those who fill and empty it
"""
