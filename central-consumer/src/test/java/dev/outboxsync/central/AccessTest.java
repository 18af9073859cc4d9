package dev.outboxsync.central;

import dev.outboxsync.steering.AccessContract;

class AccessTest extends AccessContract {
    AccessTest() {
        super(CentralConsumer.class);
    }
}
