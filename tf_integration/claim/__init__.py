"""Claims: what is claimed for whom under which plan, from a draft to a payment or its return."""
