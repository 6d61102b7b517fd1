"""The made-up partnership, an idea to a module; ``hotspots.simulate`` tells the whole story."""
