"""The choices at the top of a board: codes in the queries, names on the screen."""

from alerts import recorded
from dashboards.model import Variable
from dashboards.promql import select
from dashboards.queries import scope

PROVINCE = Variable("province", select(recorded.PROVINCE_EXPECTED), shown="province_name")
COMMUNE = Variable("commune", select(recorded.OFFICE_EXPECTED, **scope.PROVINCE), shown="commune_name", every=True)
OFFICE = Variable(
    "office", select(recorded.OFFICE_EXPECTED, 'commune=~"$commune"', **scope.PROVINCE), shown="office_name"
)
SERVICE = Variable("service", select(recorded.SERVICE_EXPECTED), shown="service_name", every=True)
