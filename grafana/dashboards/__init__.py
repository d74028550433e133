"""Grafana's dashboards, written in Python; `python -m grafana.dashboards` writes them to `json/`."""
