-- What a site asks for, to find out whether either database went back in time.

ALTER TABLE sync_site
    ADD COLUMN acknowledgement_mark VARCHAR(16) NOT NULL DEFAULT '' COMMENT 'Random mark of that acknowledgement; the next one repeats it' AFTER acknowledgement_number,
    ADD COLUMN told BIGINT NOT NULL DEFAULT 0 COMMENT 'The greatest acknowledgement that the site has said to have seen',
    ADD COLUMN last_sequence BIGINT NULL COMMENT 'The greatest sequence that came in this epoch; NULL before the first',
    ADD COLUMN last_captured_at DATETIME(6) NULL COMMENT 'When the site captured that change, UTC';

CREATE TABLE sync_acknowledgement (
    site VARCHAR(40) NOT NULL COMMENT 'Whose changes were acknowledged',
    number BIGINT NOT NULL COMMENT 'Number of the acknowledgement',
    mark VARCHAR(16) NOT NULL COMMENT 'Drawn at random: what was given before a restore bears other marks',
    PRIMARY KEY (site, number)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_0900_ai_ci COMMENT = 'Acknowledgements that their site has not yet said to have seen';
