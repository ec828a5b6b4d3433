"""What every test can use. People and worlds are built in builders.py and people.py."""
