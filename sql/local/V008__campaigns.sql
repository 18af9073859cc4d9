-- Campaigns of an advertising platform, and what campaign-pull keeps beside them. Only the first table is for sync.

-- Whoever has a table of this name under sync already keeps it: campaign-pull then says which column it misses.
CREATE TABLE IF NOT EXISTS campaigns (
    id VARCHAR(100) COLLATE utf8mb4_0900_bin NOT NULL COMMENT 'As the platform names the campaign',
    name VARCHAR(200) NOT NULL COMMENT 'Name as the platform has it, 1 to 200 characters',
    status VARCHAR(50) NOT NULL COMMENT 'State of the campaign at the platform, e.g. active',
    budget DECIMAL(38, 18) NOT NULL COMMENT 'As the platform gives it: as many decimals as it may have, so that none is rounded',
    impressions BIGINT NOT NULL COMMENT 'How often it was shown',
    clicks BIGINT NOT NULL COMMENT 'How often it was clicked',
    conversions BIGINT NOT NULL COMMENT 'How often that led to what was wanted',
    created_at DATETIME(6) NOT NULL COMMENT 'When it was made at the platform, UTC',
    synced_at DATETIME(6) NULL COMMENT 'When the platform last confirmed the sync of this campaign, UTC, by its clock; NULL before the first time',
    vanished_at DATETIME(6) NULL COMMENT 'Since when the platform does not list it any more, UTC; the row stays',
    updated_at DATETIME(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6) ON UPDATE CURRENT_TIMESTAMP(6) COMMENT 'Last change here, UTC; for people: order comes from sync_queue.id',
    PRIMARY KEY (id)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_0900_ai_ci COMMENT = 'Campaigns of the advertising platform';

CREATE TABLE campaign_run (
    id BIGINT NOT NULL AUTO_INCREMENT COMMENT 'Number of the run',
    cause VARCHAR(9) NOT NULL COMMENT 'SCHEDULE, REQUESTED by a person, or RETRY of named campaigns: sync calls alone',
    state VARCHAR(6) NOT NULL COMMENT 'PAGES while the list is read, SYNCS while campaigns are synced, then DONE, or FAILED with a problem',
    is_open BOOLEAN NULL DEFAULT TRUE COMMENT 'TRUE until the run has ended, then NULL: one run at a time',
    started_at DATETIME(6) NOT NULL COMMENT 'UTC',
    finished_at DATETIME(6) NULL COMMENT 'UTC',
    pass INT NOT NULL DEFAULT 1 COMMENT 'How often this run has begun with the first page',
    next_page INT NOT NULL DEFAULT 1 COMMENT 'The cursor: the page that is read next, set in the transaction that stores a page',
    total BIGINT NULL COMMENT 'How many campaigns there are, as the platform last said',
    page_size INT NULL COMMENT 'Campaigns on a page, as the platform last said',
    seen BIGINT NOT NULL DEFAULT 0 COMMENT 'Listed so far in this pass, each once',
    unreadable BIGINT NOT NULL DEFAULT 0 COMMENT 'Listed in this pass without an id that can be used',
    lost_pages INT NOT NULL DEFAULT 0 COMMENT 'Pages of this pass that could not be read',
    shifted BOOLEAN NOT NULL DEFAULT FALSE COMMENT 'Whether the list changed in this pass while it was read',
    pages INT NOT NULL DEFAULT 0 COMMENT 'Pages stored',
    created BIGINT NOT NULL DEFAULT 0 COMMENT 'Campaigns that were new',
    changed BIGINT NOT NULL DEFAULT 0 COMMENT 'Campaigns that were not as before',
    unchanged BIGINT NOT NULL DEFAULT 0 COMMENT 'Campaigns that were as before: nothing was written',
    failed BIGINT NOT NULL DEFAULT 0 COMMENT 'Items, pages and sync calls given up, each with a row in campaign_problem',
    duplicates BIGINT NOT NULL DEFAULT 0 COMMENT 'Campaigns listed again in the same pass',
    vanished BIGINT NOT NULL DEFAULT 0 COMMENT 'Campaigns found to be listed no more',
    synced BIGINT NOT NULL DEFAULT 0 COMMENT 'Sync calls that were confirmed',
    list_calls BIGINT NOT NULL DEFAULT 0 COMMENT 'Requests for a page, repeats included',
    sync_calls BIGINT NOT NULL DEFAULT 0 COMMENT 'Requests to sync, repeats included',
    faults BIGINT NOT NULL DEFAULT 0 COMMENT 'Of these, answered 5xx, too late or not at all',
    refused BIGINT NOT NULL DEFAULT 0 COMMENT 'Of these, refused because of the limit (429)',
    waited_ms BIGINT NOT NULL DEFAULT 0 COMMENT 'Waited for the limit, milliseconds over all workers',
    problem VARCHAR(500) NULL COMMENT 'Why it waits now, or how it ended, in words',
    PRIMARY KEY (id),
    UNIQUE KEY one_open (is_open),
    CONSTRAINT campaign_run_cause CHECK (cause IN ('SCHEDULE', 'REQUESTED', 'RETRY')),
    CONSTRAINT campaign_run_state CHECK (state IN ('PAGES', 'SYNCS', 'DONE', 'FAILED')),
    CONSTRAINT campaign_run_open CHECK (is_open AND state IN ('PAGES', 'SYNCS') OR is_open IS NULL AND state IN ('DONE', 'FAILED'))
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_0900_ai_ci COMMENT = 'Runs of campaign-pull: progress and report';

CREATE TABLE campaign_problem (
    id BIGINT NOT NULL AUTO_INCREMENT COMMENT 'Order in which they were met',
    run_id BIGINT NOT NULL COMMENT 'The run',
    campaign_id VARCHAR(100) COLLATE utf8mb4_0900_bin NULL COMMENT 'The campaign; NULL for a page, and for an item without an id that can be used',
    page INT NULL COMMENT 'The page; NULL for a sync call',
    reason VARCHAR(200) NOT NULL COMMENT 'Code and field; never a value',
    PRIMARY KEY (id),
    KEY by_run (run_id, id),
    CONSTRAINT campaign_problem_run FOREIGN KEY (run_id) REFERENCES campaign_run (id) ON DELETE CASCADE
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_0900_ai_ci COMMENT = 'What a run gave up, and why';

CREATE TABLE campaign_state (
    id VARCHAR(100) COLLATE utf8mb4_0900_bin NOT NULL COMMENT 'The campaign',
    seen_run BIGINT NOT NULL COMMENT 'The run that last saw it in the list',
    seen_pass INT NOT NULL COMMENT 'The pass of that run',
    missed INT NOT NULL DEFAULT 0 COMMENT 'Complete runs since then that did not see it',
    sync_state VARCHAR(7) NOT NULL COMMENT 'DUE from a change until its sync call is confirmed, then NONE; REFUSED until it changes again or a person retries',
    tried_run BIGINT NOT NULL DEFAULT 0 COMMENT 'The run that last called: each calls once',
    PRIMARY KEY (id),
    KEY by_sync_state (sync_state, id) COMMENT 'The sync calls that are due',
    CONSTRAINT campaign_state_sync CHECK (sync_state IN ('NONE', 'DUE', 'REFUSED'))
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_0900_ai_ci COMMENT = 'What campaign-pull knows of each campaign; not for sync';

CREATE TABLE campaign_call (
    id BIGINT NOT NULL AUTO_INCREMENT COMMENT 'Order of the calls',
    called_at DATETIME(6) NOT NULL COMMENT 'Written before the call is made, UTC, by this database''s clock',
    PRIMARY KEY (id),
    KEY by_time (called_at)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_0900_ai_ci COMMENT = 'Calls that count against the platform''s limit: a process that was killed leaves them to the next';

CREATE TABLE campaign_lease LIKE sync_lease;

ALTER TABLE campaign_lease COMMENT = 'Which campaign-pull runs: one row';

INSERT INTO campaign_lease (id, holder, expires_at) VALUES (1, '', '2000-01-01 00:00:00');
