"""RevMan Web's data package: the tables and lists of references that Cochrane publishes with each review.

`read` reads one (zip, folder, or a table alone), `write_package` makes one, `recognise` tells it from other files.
"""

from core.interchange.revman_web.package import FORMAT, read, recognise
from core.interchange.revman_web.write import write_package

__all__ = ["FORMAT", "read", "recognise", "write_package"]
