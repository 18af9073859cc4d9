package dev.outboxsync.campaign;

import dev.outboxsync.steering.AccessContract;

class AccessTest extends AccessContract {
    AccessTest() {
        super(CampaignPull.class);
    }
}
