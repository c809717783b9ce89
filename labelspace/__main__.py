import sys

from labelspace.cli import main

if __name__ == "__main__":
    sys.exit(main())
