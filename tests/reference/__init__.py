"""A plain, slow statement of the plan, and what compares the platform with it."""
