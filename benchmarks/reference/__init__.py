"""What a check is compared with: a stock REST framework view that finds the caller by token and inserts one row."""
