"""Files that people send: taken in, judged, drawn anew, shown only to whom may see what they belong to (X5)."""
