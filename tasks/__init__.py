"""Prefect policy for the steps: retries, batches, concurrency, artifacts; no parsing here."""
