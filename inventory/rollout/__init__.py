"""Puts agents on offices over SSH: look, plan, apply. The only importer of asyncssh is ssh.py.

bundle    what is brought to an office: wheels, unit, manifest, in one archive
facts     what is there now, read by one script that changes nothing
plan      what has to be done, a pure function of both
ssh       one connection to one office, its host key verified
apply     the plans carried out, the first office alone, with a stop rule
"""
