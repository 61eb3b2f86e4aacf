"""The campaign: a simulated country in which faults of known cause happen, watched by the product's own parts.

    country     the offices, and what only the world knows of them: feeders, batteries, nodes of operators
    faults      what can happen, as frozen values
    life        when an office has mains, a machine that runs, and a line: spans of time, from the faults
    look        what its agent would report at a moment
    draw*       seeded scenarios with their truth
    feeder      sends what they report by remote write, faster than life
    stack       a real Prometheus, Alertmanager and relay with the product's rules and routes, all windows scaled
    score       what was told, held against the truth

`make campaign` runs it; docs/campaign.md says how it is scored.
"""
