"""The tests' stand-in for Twilio, in a process of its own; it says its address, then how many."""

from __future__ import annotations

import sys

from tests.messaging.fake_twilio import fake_twilio

if __name__ == "__main__":
    with fake_twilio() as fake:
        print(fake.url, flush=True)
        sys.stdin.read()
        print(len(fake.sent), len({form["To"] for form in fake.sent}), flush=True)
