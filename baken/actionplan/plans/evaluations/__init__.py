"""The yearly look at what the measures do, in six inputs and a conclusion per objective."""
