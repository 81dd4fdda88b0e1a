"""Background tasks for decisions. procrastinate discovers them by importing this package."""

from decisions.tasks import periodic

__all__ = ["periodic"]
