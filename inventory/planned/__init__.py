"""Work that somebody else has planned and told: cuts of power, work on lines, maintenance of services.

planned.yml says what, where and when; foreign files (CSV, iCalendar) are imported into it; facts are made of it.
"""
