package dev.outboxsync.campaign;

import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** The tables of DB_A that a run writes. */
@Component
record Ledger(Campaigns campaigns, CampaignStates states, PullRuns runs) {
    /** @param why null when the platform is back: the next call that succeeds takes away what was said */
    void sayAway(PullRun run, @Nullable String why) {
        if (why != null) {
            runs.say(run, "PLATFORM_AWAY: " + why + "; tried again by itself");
        }
    }
}
