-- A little data to play with: run it against the site's database; the triggers put every row under way to the centre.
INSERT INTO users (name, email) VALUES ('Ann Archer', 'ann@example.org'), ('Ben Baker', 'ben@example.org'), ('Zoë Żak', 'zoe@example.org');
INSERT INTO orders (user_id, amount, status)
SELECT id, 12.50, 'PAID' FROM users WHERE email = 'ann@example.org'
UNION ALL SELECT id, 7.20, 'PENDING' FROM users WHERE email = 'ben@example.org'
UNION ALL SELECT id, 9999999999.99, 'PENDING' FROM users WHERE email = 'zoe@example.org';
