"""Sending by the agent itself, as Prometheus remote write 1.0: the last word, and everything that is measured.

series   what is sent, and its protobuf form. Pure
snappy   how a request is packed. Pure

The last word:
anchor   the receiver's clock: stamps of a machine whose own clock is wrong would harm everybody. Pure
request  a request to one receiver, and what its answer means. Pure
sender   what waits to be sent, until it is taken or too old
post     the sender for as long as it is configured

Everything that is measured, by way of the buffer:
course, timeline, timeline_text  when everything truly was, and what is kept of that. Pure
watch      the timeline of this machine
recorder   looks at /metrics into the buffer
answer     what an answer means. Pure
piece, pauses, splitting, bars, courier  what to send next. Pure
load, packing  what a request carries, and its form. Pure
line       the connection to a receiver, as those who send see it
dispatch, tally  sends to one receiver, and counts
uplink     all of it for as long as it is configured
"""
