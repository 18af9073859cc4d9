package dev.outboxsync.relay;

import dev.outboxsync.steering.AccessContract;

class AccessTest extends AccessContract {
    AccessTest() {
        super(OutboxRelay.class);
    }
}
