package dev.outboxsync.simulation;

import dev.outboxsync.event.Operation;
import dev.outboxsync.event.Reason;
import dev.outboxsync.queue.QueuedChange;
import dev.outboxsync.queue.SyncStatus;
import dev.outboxsync.simulation.ShopDatabase.Order;
import dev.outboxsync.simulation.ShopDatabase.User;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * The tills of a site: several open transactions side by side. Ids of the queue are handed out while the row is locked,
 * long before the commit; commits come in any order that the locks allow, or not at all.
 */
final class Writers extends Actor {
    private static final int MOST_OPEN = 4;
    private static final int EMAILS = 6;
    private static final int NEWEST = 5;
    /** Letters of a name that the centre does not take, and of one that the log does not take. */
    private static final int TOO_LONG = 201;

    static final int TOO_LARGE = 700;
    /** Before an amount: too much for the centre. */
    static final String FAR_TOO_MUCH = "999999999999";

    private final World world;
    private final ShopDatabase shop;
    private final boolean plantsTooLong;
    private final List<Transaction> open = new ArrayList<>();
    private int life;
    private int written;

    Writers(World world, ShopDatabase shop) {
        super("writers of " + shop.site);
        this.world = world;
        this.shop = shop;
        this.plantsTooLong = world.chance(65);
    }

    @Override
    void step() {
        noticeRestore();
        if (open.isEmpty() || (open.size() < MOST_OPEN && world.chance(35))) {
            open.add(new Transaction());
        }
        Transaction transaction = open.get(world.random.nextInt(open.size()));
        int what = world.random.nextInt(10);
        if (what < 5) {
            transaction.write();
        } else if (what < 9) {
            transaction.commit();
        } else {
            transaction.end();
        }
    }

    private void noticeRestore() {
        if (life != shop.restores) {
            open.clear();
            life = shop.restores;
        }
    }

    static boolean isMoreThanTheCentreTakes(Map<String, String> row) {
        return row.getOrDefault("name", "").length() >= TOO_LONG
                || row.getOrDefault("amount", "").startsWith(FAR_TOO_MUCH);
    }

    /** All who are still at it commit. */
    void finish() {
        noticeRestore();
        List.copyOf(open).forEach(Transaction::commit);
    }

    /** The day goes on: a few more are committed. */
    void goOn() {
        for (int i = 0; i < 10; i++) {
            step();
        }
        finish();
    }

    /** Somebody corrects the names and amounts that the centre does not take. */
    void cure() {
        shop.users.forEach((id, user) -> {
            if (user.name().length() >= TOO_LONG) {
                change(cure -> cure.save(id, new User("cured" + ++written, user.email()), Operation.UPDATE));
            }
        });
        finish();
        shop.orders.forEach((id, order) -> {
            if (order.amount().startsWith(FAR_TOO_MUCH)) {
                change(cure -> cure.save(id, new Order(order.user(), "2." + ++written), Operation.UPDATE));
            }
        });
        finish();
    }

    /** Somebody gives other e-mails to those whose own the centre has given to another. */
    void giveOtherEmails() {
        shop.users.forEach((id, user) -> {
            if (isTaken(id)) {
                change(cure -> cure.save(id, new User(user.name(), "cured" + ++written), Operation.UPDATE));
            }
        });
        finish();
    }

    /** A new user. */
    long add() {
        long id = shop.generateId();
        change(one -> one.save(id, new User("name" + ++written, "n" + ++written + "@" + shop.site), Operation.INSERT));
        finish();
        return id;
    }

    long add(Order order) {
        long id = shop.generateId();
        change(one -> one.save(id, order, Operation.INSERT));
        finish();
        return id;
    }

    void change(long id, Order order) {
        change(one -> one.save(id, order, Operation.UPDATE));
        finish();
    }

    void delete(long user) {
        change(one -> one.delete(user));
        finish();
    }

    private void change(Consumer<Transaction> cure) {
        noticeRestore();
        var transaction = new Transaction();
        cure.accept(transaction);
        open.add(transaction);
    }

    private boolean isTaken(long user) {
        return shop.changesOf("users/" + user).stream()
                .anyMatch(row -> row.status != SyncStatus.SYNCED
                        && row.lastError != null
                        && row.lastError.startsWith(Reason.DUPLICATE_KEY.name())
                        && !shop.queue.isOvertaken(row));
    }

    private final class Transaction {
        private final Map<Long, User> users = new TreeMap<>();
        private final Map<Long, Order> orders = new TreeMap<>();
        private final List<QueuedChange> captured = new ArrayList<>();
        private final List<Map.Entry<String, Map<String, String>>> images = new ArrayList<>();

        void write() {
            switch (world.random.nextInt(12)) {
                case 0, 1 -> insertUser();
                case 2, 9 -> changeUser();
                case 3 -> handOver();
                case 4 -> deleteUser();
                case 5, 6 -> insertOrder();
                case 7, 10 -> moveOrder();
                case 11 -> swap();
                default -> deleteOrder();
            }
        }

        private NavigableMap<Long, User> seenUsers() {
            var seen = new TreeMap<Long, User>(shop.users);
            users.forEach((id, user) -> put(seen, id, user));
            return seen;
        }

        private NavigableMap<Long, Order> seenOrders() {
            var seen = new TreeMap<Long, Order>(shop.orders);
            orders.forEach((id, order) -> put(seen, id, order));
            return seen;
        }

        private static <T> void put(Map<Long, T> rows, long id, T row) {
            if (row == null) {
                rows.remove(id);
            } else {
                rows.put(id, row);
            }
        }

        /** One of a few addresses, which are often handed over, or a new one. */
        private String someEmail() {
            return (world.chance(60) ? "e" + world.random.nextInt(EMAILS) : "n" + ++written) + "@" + shop.site;
        }

        /** Now and then one that the centre can never take. */
        private String someName() {
            int length = world.any(List.of(TOO_LONG, TOO_LARGE));
            return (plantsTooLong && world.chance(15) ? "x".repeat(length) : "name") + ++written;
        }

        private String someAmount() {
            return (plantsTooLong && world.chance(8) ? FAR_TOO_MUCH : "1") + "." + ++written;
        }

        private long someNewId(Map<Long, ?> rows) {
            long generated = shop.generateId();
            long again = generated - 1 - world.random.nextInt(5);
            return world.chance(30) && again > generated / 1_000 * 1_000 && !rows.containsKey(again)
                    ? again
                    : generated;
        }

        private void insertUser() {
            long id = someNewId(seenUsers());
            save(id, new User(someName(), someEmail()), Operation.INSERT);
        }

        private void changeUser() {
            someKey(seenUsers())
                    .ifPresent(id -> save(
                            id,
                            new User(
                                    someName(),
                                    world.chance(50) ? seenUsers().get(id).email() : someEmail()),
                            Operation.UPDATE));
        }

        /** One user gives an address away, another one takes it: in one transaction, or in the next one that likes it. */
        private void handOver() {
            NavigableMap<Long, User> seen = seenUsers();
            if (seen.size() < 2) {
                return;
            }
            long giver = someKey(seen).orElseThrow();
            long taker = someKey(seen).orElseThrow();
            String email = seen.get(giver).email();
            if (giver != taker
                    && save(giver, new User(someName(), "n" + ++written + "@" + shop.site), Operation.UPDATE)
                    && world.chance(70)) {
                save(taker, new User(someName(), email), Operation.UPDATE);
            }
        }

        /** Two users swap their addresses, by way of a third one; the centre may refuse that step, or come to know it late. */
        private void swap() {
            NavigableMap<Long, User> seen = seenUsers();
            if (seen.size() < 2) {
                return;
            }
            long one = someKey(seen).orElseThrow();
            long other = someKey(seen).orElseThrow();
            String parked = "n" + ++written + "@" + shop.site;
            String name = plantsTooLong && world.chance(60) ? "x".repeat(TOO_LONG) : someName();
            if (one != other
                    && save(one, new User(name, parked), Operation.UPDATE)
                    && save(other, new User("name" + ++written, seen.get(one).email()), Operation.UPDATE)
                    && save(one, new User("name" + ++written, seen.get(other).email()), Operation.UPDATE)
                    && world.chance(30)) {
                save(other, new User("name" + ++written, seen.get(one).email()), Operation.UPDATE);
            }
        }

        private boolean save(long id, User user, Operation operation) {
            User before = seenUsers().get(id);
            boolean taken = seenUsers().entrySet().stream()
                    .anyMatch(other ->
                            other.getKey() != id && other.getValue().email().equals(user.email()));
            String old = before == null ? user.email() : before.email();
            boolean inserted = before == null;
            if (taken
                    || inserted != (operation == Operation.INSERT)
                    || !shop.locks.take(this, "users/" + id, "email/" + user.email(), "email/" + old)) {
                return false;
            }
            users.put(id, user);
            capture("users", id, operation, ShopDatabase.row(id, user));
            return true;
        }

        private NavigableMap<Long, User> largeUsers() {
            NavigableMap<Long, User> large = seenUsers();
            large.values().removeIf(user -> user.name().length() < TOO_LARGE);
            return large.isEmpty() ? seenUsers() : large;
        }

        private void deleteUser() {
            someKey(world.chance(50) ? largeUsers() : seenUsers()).ifPresent(this::delete);
        }

        private void delete(long id) {
            User user = seenUsers().get(id);
            boolean refersToIt = seenOrders().values().stream().anyMatch(order -> order.user() == id);
            if (!refersToIt && shop.locks.take(this, "users/" + id, "email/" + user.email())) {
                users.put(id, null);
                capture("users", id, Operation.DELETE, ShopDatabase.row(id, user));
            }
        }

        private void insertOrder() {
            someKey(seenUsers()).ifPresent(user -> {
                long id = someNewId(seenOrders());
                save(id, new Order(user, someAmount()), Operation.INSERT);
            });
        }

        private void moveOrder() {
            someKey(seenOrders())
                    .ifPresent(id -> someKey(seenUsers())
                            .ifPresent(user -> save(id, new Order(user, someAmount()), Operation.UPDATE)));
        }

        private void save(long id, Order order, Operation operation) {
            if (seenOrders().containsKey(id) != (operation == Operation.UPDATE)
                    || !shop.locks.take(this, "orders/" + id)
                    || !shop.locks.share(this, "users/" + order.user())) {
                return;
            }
            orders.put(id, order);
            capture("orders", id, operation, ShopDatabase.row(id, order));
        }

        private void deleteOrder() {
            someKey(seenOrders()).ifPresent(id -> {
                if (shop.locks.take(this, "orders/" + id)) {
                    Order order = seenOrders().get(id);
                    orders.put(id, null);
                    capture("orders", id, Operation.DELETE, ShopDatabase.row(id, order));
                }
            });
        }

        private Optional<Long> someKey(NavigableMap<Long, ?> rows) {
            return rows.isEmpty()
                    ? Optional.empty()
                    : Optional.of(new ArrayList<>(rows.keySet()).get(place(rows.size())));
        }

        /** Mostly one of the newest: what was sold is changed soon, or not at all. */
        private int place(int size) {
            return world.chance(70) && size > NEWEST
                    ? size - 1 - world.random.nextInt(NEWEST)
                    : world.random.nextInt(size);
        }

        private void capture(String table, long id, Operation operation, Map<String, String> row) {
            captured.add(shop.captured(table, id, operation, row));
            images.add(Map.entry(table + "/" + id, row));
        }

        void commit() {
            users.forEach((id, user) -> put(shop.users, id, user));
            orders.forEach((id, order) -> put(shop.orders, id, order));
            images.forEach(image -> shop.history
                    .computeIfAbsent(image.getKey(), any -> new HashSet<>())
                    .add(image.getValue()));
            images.forEach(image -> shop.lost.remove(image.getKey()));
            captured.forEach(change -> {
                shop.commit(change);
                world.tell(() -> "%s commits %d: %s %s/%s"
                        .formatted(shop.site, change.id(), change.operation(), change.table(), change.recordId()));
            });
            end();
        }

        void end() {
            captured.forEach(shop::rollBack);
            shop.locks.release(this);
            open.remove(this);
        }
    }
}
