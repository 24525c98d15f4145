"""A node of a Foedus hub: join once, then stay, tell and hear."""

from foedus.error import FoedusError
from foedus.events import Event, Forgery, Gap
from foedus.join import Joined, Waiting, join
from foedus.node import Node

__all__ = ["Event", "FoedusError", "Forgery", "Gap", "Joined", "Node", "Waiting", "join"]
