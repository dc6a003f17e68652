"""Tests of `ingest/`, through its public doors."""
