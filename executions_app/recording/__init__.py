"""Writing history: facts and rows in one transaction, with everything that follows from them."""
