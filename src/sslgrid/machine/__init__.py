"""What a training runs on: device, GPUs, threads, and how compiled functions are compiled."""
