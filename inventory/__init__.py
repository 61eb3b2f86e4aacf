"""WHERE: the register of provinces and communes, the offices with their links and UPSes, and the services they use.

Files that people write come in, are checked all at once, and everything that other parts read is rendered from them.
Not here: how something is measured (collectors/), when somebody is woken (alerts/), how a screen looks (dashboards/).
"""
