"""Reports for people outside the control room: what a telecom partner delivered in one month, and what was out.

statistics, month, measured, outages, hindsight and outage_sums are pure; the fetch modules ask the store; table, page
and text write. Not here: any judgement that an alert also makes.
"""
