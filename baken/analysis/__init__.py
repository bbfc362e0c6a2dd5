"""What it says: from counts to results."""
