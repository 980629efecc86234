"""What is asked when: sources polled, pages visited again, and what a visit tells the frontier."""
