"""What site reliability engineers watch the gateway with: dashboards, rules, and how they are set up."""
