"""What is wrong in files that can each be read: names that lead nowhere, figures that cannot be. Pure."""
