"""Worker processes that may hang, crash or be killed without harm to anything but the task they are at.

Each worker has a pipe of its own and nothing else in common with the others: no lock or queue that dies with it. A
worker answers task by task, so the parent knows which one it is at, and since when. It gets its next tasks before it
has answered the last, but only as many as fit into a pipe that nobody reads: so no pipe is ever full at both ends.
"""

from dehusk.workers.limits import Failure, Limits
from dehusk.workers.pool import Pool
from dehusk.workers.starting import prepare

__all__ = ["Failure", "Limits", "Pool", "prepare"]
