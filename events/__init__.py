"""Live events: records, publishing, the live floor, and what readers and editors see."""
