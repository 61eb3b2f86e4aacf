"""Reports for people outside the control room: what a telecom partner delivered in one month.

statistics, month and measured are pure; fetch asks the store; table and page write files. Not here: any judgement that
an alert also makes.
"""
