package dev.outboxsync.local;

import dev.outboxsync.steering.AccessContract;

class AccessTest extends AccessContract {
    AccessTest() {
        super(LocalApi.class);
    }
}
