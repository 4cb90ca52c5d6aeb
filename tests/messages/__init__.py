"""What readers can be told, and the catalogues that say it in other languages."""
