"""The articles of the tariff regulation, a module an article.

Each opens with what its article says, in our words, then follows the article's order. A rule takes the tariff in force
(`core.tariff`), records its steps as it goes and returns whole units (cents, hours, halves). It holds no figure.
"""
