"""What the benchmarks of privacy and places share: sets, scores, varied texts, peers."""
