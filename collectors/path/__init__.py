"""The way from the office to a host that it lives on: where it leads, and where it breaks.

networks.py  whose a router is           past.py      the way as it last led to its end
table.py     what answers at each hop    locate.py    the verdict
names.py     name servers compared       drawing.py   the same for a person
reduced.py   without raw rights          collector.py the look
"""

from collectors.path.collector import Path
from collectors.path.target import Target

__all__ = ["COLLECTOR", "Target"]

COLLECTOR = Path()
