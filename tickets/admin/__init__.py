"""Staff's pages of how tickets, rules and help articles are set up, under /admin/."""
