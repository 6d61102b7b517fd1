"""Run the command line as ``python -m hotspots``."""

from hotspots.cli import main

main()
