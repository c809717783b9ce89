"""Demonstration data: projects with content of our own, to look around in and to take pictures of."""
