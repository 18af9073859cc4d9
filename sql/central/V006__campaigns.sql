-- Campaigns at the centre: like the site's, but nothing here makes a time of its own. A table of this name that is under
-- sync already stays as it is.

CREATE TABLE IF NOT EXISTS campaigns (
    id VARCHAR(100) COLLATE utf8mb4_0900_bin NOT NULL COMMENT 'As the platform names the campaign',
    name VARCHAR(200) NOT NULL COMMENT 'Name as the platform has it',
    status VARCHAR(50) NOT NULL COMMENT 'State of the campaign at the platform',
    budget DECIMAL(38, 18) NOT NULL COMMENT 'As the platform gives it',
    impressions BIGINT NOT NULL COMMENT 'How often it was shown',
    clicks BIGINT NOT NULL COMMENT 'How often it was clicked',
    conversions BIGINT NOT NULL COMMENT 'How often that led to what was wanted',
    created_at DATETIME(6) NOT NULL COMMENT 'When it was made at the platform, UTC',
    synced_at DATETIME(6) NULL COMMENT 'When the platform last confirmed the sync of this campaign, UTC',
    vanished_at DATETIME(6) NULL COMMENT 'Since when the platform does not list it any more, UTC',
    updated_at DATETIME(6) NOT NULL COMMENT 'Last change at the site, UTC',
    PRIMARY KEY (id)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_0900_ai_ci COMMENT = 'Campaigns of the advertising platform';
