"""The articles, where the scenario tables do not reach."""
