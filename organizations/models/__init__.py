"""Who: people, units of four tiers, posts, appointments and delegations, each with its dates."""

from organizations.models.people import Appointment, Delegation, Post, Role, User
from organizations.models.units import Unit, UnitName, UnitPlacement, UnitPolicy

__all__ = ["Appointment", "Delegation", "Post", "Role", "Unit", "UnitName", "UnitPlacement", "UnitPolicy", "User"]
