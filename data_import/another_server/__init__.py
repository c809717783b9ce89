"""Copying projects from a running Label Studio (or another Labelspace): `server` asks it, `copying` writes what it says."""
