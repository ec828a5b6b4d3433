"""Help pages: articles, finding them, what readers thought (K1, K2)."""
