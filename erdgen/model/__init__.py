"""What a model is: entities, relationships, the graph built from them, and parts of it."""
