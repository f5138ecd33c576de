"""What pages show, as plain data; the same for a page and its JSON twin."""
