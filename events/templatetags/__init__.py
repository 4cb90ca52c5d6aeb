"""Tags and filters of the readers' templates."""
