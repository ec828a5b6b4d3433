"""Admin pages, reports, and the API of 'me' and of customers. Reads the apps through their public.py."""
