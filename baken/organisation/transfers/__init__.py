"""An organisation leaves for another installation, or arrives from one."""
