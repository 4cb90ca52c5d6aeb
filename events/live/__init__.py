"""The live floor: from a committed update to every open socket of this process."""
