"""What every peer says of itself: seconds by the clock and of the processor from reading to clusters, and peak memory.

The clock starts when the libraries are loaded (Waymark has none to load) and stops before results are written, for
every tool alike.
"""
import json
import resource
import time


class Timed:
    def __init__(self):
        self.wall = time.monotonic()
        self.cpu = time.process_time()

    def told(self, path, **more):
        usage = resource.getrusage(resource.RUSAGE_SELF)
        told = {"wall": time.monotonic() - self.wall, "cpu": time.process_time() - self.cpu,
                "peak_mib": usage.ru_maxrss / 1024, **more}
        with open(path, "w", encoding="utf-8") as out:
            json.dump(told, out)
