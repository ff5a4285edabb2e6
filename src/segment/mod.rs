//! Sentences, and what the model gets to see of them.
