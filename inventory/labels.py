"""The identity labels: who a series is about. Spelt here and nowhere else."""

PROVINCE = "province"  # NSO code, 2 digits
COMMUNE = "commune"  # NSO code, 5 digits
OFFICE = "office"  # id in the inventory: commune code, hyphen, suffix
LINK = "link"  # id of a link within its office
UPS = "ups"  # id of a UPS within its office
SERVICE = "service"  # id in the services catalogue
JOINT = "joint"  # id of an errand that needs several services, in the catalogue
OPERATOR = "operator"  # id of the telecom operator of a link
OWNER = "owner"  # id of the body that answers for a service
ROUTER = "router"  # id of the office whose router the centre looks at
FEEDER = "feeder"  # the power company's code of the line that feeds an office
TIER = "tier"  # how much depends on a service: 1 most, 3 least
TECHNOLOGY = "technology"  # what a link is made of: ftth, leased, 4g, ...

OFFICE_IDENTITY = (PROVINCE, COMMUNE, OFFICE)
LINK_IDENTITY = (*OFFICE_IDENTITY, LINK)
IDENTITY = (*OFFICE_IDENTITY, LINK, UPS, SERVICE, OPERATOR, ROUTER)
