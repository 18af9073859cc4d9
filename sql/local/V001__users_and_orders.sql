-- The sample schema of a site. DATETIME columns hold UTC: every session of ours runs at +00:00.

CREATE TABLE users (
    id BIGINT NOT NULL AUTO_INCREMENT COMMENT 'Number of the user; never used again after a delete',
    name VARCHAR(200) NOT NULL COMMENT 'Name as the user writes it, 1 to 200 characters',
    email VARCHAR(254) COLLATE utf8mb4_0900_as_ci NOT NULL COMMENT 'E-mail address; upper and lower case are the same address',
    updated_at DATETIME(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6) ON UPDATE CURRENT_TIMESTAMP(6) COMMENT 'Last change, UTC; for people: order comes from sync_queue.id',
    PRIMARY KEY (id),
    UNIQUE KEY email (email)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_0900_ai_ci COMMENT = 'Customers of the site';

CREATE TABLE orders (
    id BIGINT NOT NULL AUTO_INCREMENT COMMENT 'Number of the order; never used again after a delete',
    user_id BIGINT NOT NULL COMMENT 'Who ordered',
    amount DECIMAL(12, 2) NOT NULL COMMENT 'Sum of the order, two decimals',
    status VARCHAR(20) NOT NULL DEFAULT 'PENDING' COMMENT 'State of the order in the shop, e.g. PENDING, PAID; not the state of its sync',
    updated_at DATETIME(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6) ON UPDATE CURRENT_TIMESTAMP(6) COMMENT 'Last change, UTC; for people: order comes from sync_queue.id',
    PRIMARY KEY (id),
    KEY user_id (user_id),
    CONSTRAINT orders_user FOREIGN KEY (user_id) REFERENCES users (id)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_0900_ai_ci COMMENT = 'Orders of the site';
