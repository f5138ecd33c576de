"""HTML: a GET shows a view through a template, a POST performs an act and redirects."""
