"""Names of the boards in links and bookmarks. They stay for ever, whatever a board becomes."""

COUNTRY = "cw-country"
PROVINCE = "cw-province"
OFFICE = "cw-office"
BANDWIDTH = "cw-bandwidth"
WAY = "cw-way"
