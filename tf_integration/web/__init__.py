"""The pages: what staff and partners read in a browser, without an Airflow login."""
