"""Who the confidential counsellors are: appointment, training, supervision."""
