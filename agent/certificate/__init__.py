"""The office's certificate: asked for once by hand, and from then on by the agent itself, in time.

due     when the next one is wanted. Pure
files   the certificate and its key on disk, which change together or not at all
renew   asking the gateway for the next one
cli     `communewatch agent request|renew`: in a process of its own, for it loads a big library
keeper  starts that process once a day and remembers what it said
"""
