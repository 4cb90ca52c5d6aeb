"""What runs beside the web: the command line."""
