"""The API about people and departments: it reads accounts, sites, credits and chat through their public.py."""
