package dev.outboxsync.campaign;

import org.springframework.stereotype.Component;

/** The tables of DB_A that a run writes. */
@Component
record Ledger(Campaigns campaigns, CampaignStates states, PullRuns runs) {}
