"""The web application: pages that work without JavaScript, each with a JSON twin."""
