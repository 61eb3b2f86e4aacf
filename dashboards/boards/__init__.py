"""The boards. Each answers one question: country (where is it bad), province (which office), office (what is wrong)."""

from dashboards.boards import country, office, province
from dashboards.model import Board

BOARDS: tuple[Board, ...] = (country.BOARD, province.BOARD, office.BOARD)
