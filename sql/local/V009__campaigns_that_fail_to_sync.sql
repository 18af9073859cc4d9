-- A sync call that never succeeds is not made in every run for ever.

ALTER TABLE campaign_state
    ADD COLUMN failed_runs INT NOT NULL DEFAULT 0 COMMENT 'Runs in a row whose sync call came to nothing though the platform was there: after some, REFUSED',
    ALGORITHM = INSTANT;
