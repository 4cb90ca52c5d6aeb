"""What people type, on its way to a deed."""
