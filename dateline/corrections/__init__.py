"""What people know better, laid over every article that is written: the model, the making, the overlay."""
