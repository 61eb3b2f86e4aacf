"""The durable buffer: what the agent measured, kept on disk until every receiver has taken it, and a while longer.

scrape    one look at everything that /metrics shows. Pure
ranges    which scrapes a receiver has taken. Pure
port      what a buffer does for those who fill and empty it
record    records with checksums as bytes, and how to find them again among damage. Pure
frame     scrapes as records: key frames, and changes against them. Pure
event     what happened to the agent, as records. Pure
segment   records that can be read by themselves: an hour of them. Pure
quota     what goes when there is not room for everything. Pure
shelf     where segments lie; `folder` is the disk
store     the segments of one shelf, and what is known of each
log       disk and memory together: nothing that a disk does stops it
cursors   what each receiver has taken, on disk
receipts  the same beside the log: what may go, what is waited for
durable   all of it behind a thread of its own
look      what is there, seen from outside while an agent fills it; `present` for people, `export` for Prometheus
"""
