"""The boards. Each answers one question: country (where is it bad), province (which office), office (what is wrong),
bandwidth (does the line deliver its contract).
"""

from dashboards.boards import bandwidth, country, office, province
from dashboards.model import Board

BOARDS: tuple[Board, ...] = (country.BOARD, province.BOARD, office.BOARD, bandwidth.BOARD)
