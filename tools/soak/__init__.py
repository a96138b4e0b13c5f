"""Long runs over material that the tests do not carry."""
