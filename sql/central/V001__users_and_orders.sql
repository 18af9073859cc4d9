-- The sample tables at the centre: like the site's, but nothing here makes a key or a time of its own.

CREATE TABLE users (
    id BIGINT NOT NULL COMMENT 'Number of the user, as the site gave it',
    name VARCHAR(200) NOT NULL COMMENT 'Name as the user writes it',
    email VARCHAR(254) COLLATE utf8mb4_0900_as_ci NOT NULL COMMENT 'E-mail address; upper and lower case are the same address',
    updated_at DATETIME(6) NOT NULL COMMENT 'Last change at the site, UTC',
    PRIMARY KEY (id),
    UNIQUE KEY email (email)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_0900_ai_ci COMMENT = 'Customers of all sites';

CREATE TABLE orders (
    id BIGINT NOT NULL COMMENT 'Number of the order, as the site gave it',
    user_id BIGINT NOT NULL COMMENT 'Who ordered',
    amount DECIMAL(12, 2) NOT NULL COMMENT 'Sum of the order, two decimals',
    status VARCHAR(20) NOT NULL COMMENT 'State of the order in the shop',
    updated_at DATETIME(6) NOT NULL COMMENT 'Last change at the site, UTC',
    PRIMARY KEY (id),
    KEY user_id (user_id),
    CONSTRAINT orders_user FOREIGN KEY (user_id) REFERENCES users (id)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_0900_ai_ci COMMENT = 'Orders of all sites';
