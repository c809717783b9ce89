"""Nothing is lost with the machine: the database is copied off it continuously, and comes back from there at the next start.

`boot.py` runs before the server does, `shipper.py` beside it; neither loads Django. One place holds the copies, the target (`targets/`).
"""
