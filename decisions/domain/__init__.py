"""Business rules as pure functions of values. Imports no Django."""
