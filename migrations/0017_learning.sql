-- A node's history is found cycle by cycle: an index by node is one more place to write for each
-- node and cycle, far from the last.
drop index learning_trust_node;
