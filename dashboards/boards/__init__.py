"""The boards. Each answers one question: country (where is it bad), province (which office), office (what is wrong),
bandwidth (does the line deliver its contract), way (where does it break).
"""

from dashboards.boards import bandwidth, country, office, province, way
from dashboards.model import Board

BOARDS: tuple[Board, ...] = (country.BOARD, province.BOARD, office.BOARD, bandwidth.BOARD, way.BOARD)
