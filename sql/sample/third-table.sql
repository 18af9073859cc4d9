-- A table of your own under sync. Run this in DB_A and in DB_B, then name it in SYNC_TABLES of local-api and
-- central-consumer and restart these two.
CREATE TABLE stock (
    item VARCHAR(40) NOT NULL COMMENT 'Number of the article',
    shelf VARCHAR(10) NOT NULL COMMENT 'Where it lies',
    pieces INT NOT NULL COMMENT 'How many',
    counted_at TIMESTAMP(3) NULL COMMENT 'When they were last counted',
    PRIMARY KEY (item, shelf)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_0900_ai_ci COMMENT = 'What lies on the shelves';
