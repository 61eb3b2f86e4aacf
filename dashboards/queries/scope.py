"""What the board's variables narrow a query down to."""

PROVINCE = {"province": "$province"}
OFFICE = {"office": "$office"}
CHOSEN_SERVICES = 'service=~"$service"'  # a matcher: several, or all
