"""`python -m hub.launcher`: what `make run` ends in."""

from hub.launcher.hub import main

raise SystemExit(main())
