"""The other end of the offices' uplink, in front of any store that speaks Prometheus remote write.

envelope       bodies unpacked, never beyond a bound. Pure
write_request  what stands in them, read strictly. Pure
judge          whether an office may say that. Pure
allowance      how much, and how often. Pure
catchup        how many offices send old samples at once, and when the others come again. Pure
offices        who the offices are, and which of them a certificate names. Pure
desk           one request, from its certificate to its answer
store          the way to the store behind
porch          connections whose certificate is not known yet
turns          whose handshake is next
door           connections that are too many, too slow or too silent
"""
