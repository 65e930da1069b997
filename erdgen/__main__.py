"""`python -m erdgen`: the same as the command `erdgen`."""

from erdgen.cli.main import run

if __name__ == "__main__":
    run()
