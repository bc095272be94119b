"""One readable case for each sentence of the plan: tables in, verdict out."""
