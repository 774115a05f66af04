"""Everything that changes a paper, one topic a file, in the order a paper moves."""
