"""`python -m unionhome`: the command line."""

from unionhome.config.cli import main

raise SystemExit(main())
