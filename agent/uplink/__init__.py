"""Sending by the agent itself, as Prometheus remote write 1.0. Today it carries the last word only.

series   what is sent, and its protobuf form. Pure
snappy   the envelope that the protocol asks for. Pure
anchor   the receiver's clock: stamps of a machine whose own clock is wrong would harm everybody. Pure
request  a request to one receiver, and what its answer means. Pure
sender   what waits to be sent, until it is taken or too old
post     the sender for as long as it is configured
"""
