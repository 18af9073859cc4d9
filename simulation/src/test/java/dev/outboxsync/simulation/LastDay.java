package dev.outboxsync.simulation;

import dev.outboxsync.event.Acknowledgement;
import dev.outboxsync.event.AcknowledgementId;
import dev.outboxsync.event.AcknowledgementJson;
import dev.outboxsync.event.Operation;
import dev.outboxsync.event.Reason;
import dev.outboxsync.event.SequenceRange;
import dev.outboxsync.queue.SyncStatus;
import dev.outboxsync.relay.InMemorySite;
import dev.outboxsync.simulation.ShopDatabase.Order;
import dev.outboxsync.simulation.ShopDatabase.User;
import java.util.List;
import java.util.Map;
import org.springframework.dao.DataAccessResourceFailureException;

/**
 * What chance brings about too seldom: scenes that are played when all else is done, each in every fifth world. Where one
 * turns on the call at which something happens, ten worlds in a row go through the calls.
 */
final class LastDay {
    private static final int CALLS = 10;
    private static final int SCENES = 5;
    private static final int MOST_ROUNDS = 60;

    private final Simulation simulation;
    private final World world;
    private final Weather weather;

    LastDay(Simulation simulation, World world, Weather weather) {
        this.simulation = simulation;
        this.world = world;
        this.weather = weather;
    }

    /** All is well before; what is left behind is settled, though not all of it is cured. */
    void pass() {
        SiteTopics site = world.any(simulation.sites);
        SiteTopics other = simulation.sites.get(1 - simulation.sites.indexOf(site));
        aCallFails(site);
        switch (world.place(SCENES)) {
            case 0 -> {
                theDatabaseIsAway();
                aSweepIsRefused(site);
            }
            case 1 -> {
                theLogTakesLessThanIsKnown(site);
                theSameNumbersComeAgain(site);
            }
            case 2 -> aSweepComesToACentreThatHasForgotten(site);
            case 3 -> {
                bothGoBack(site);
                aSiteWritesWhatIsNotItsOwn(site, other);
            }
            default -> {
                strangersWrite(site, other);
                theSiteGoesBackAsAnEpochBegins(site);
            }
        }
    }

    /** One centre finds no DB_B for the lanes of both sites; at its next poll it does. */
    private void theDatabaseIsAway() {
        CentreProcess centre = simulation.centres.get(0);
        for (SiteTopics site : simulation.sites) {
            simulation.centres.forEach(any -> any.lose(site));
            site.reader = centre;
            writers(site).add();
            send(site);
        }
        centre.databaseIsAway = true;
        centre.move();
        centre.databaseIsAway = false;
        simulation.sites.forEach(this::exchange);
        settle();
    }

    /** The log refuses what a relay takes for short enough. */
    private void theLogTakesLessThanIsKnown(SiteTopics site) {
        simulation.relays.stream().filter(relay -> relay.serves(site)).forEach(relay -> relay.takesForLongest(1_000));
        User user = new User("x".repeat(Writers.TOO_LARGE), "large@" + site.shop.site);
        InMemorySite.Row row = written(site, site.shop.generateId(), user);
        simulation.cycles(2);
        settle();
        if (row.status != SyncStatus.FAILED) {
            throw new Violation("%s: the log does not take %d, and it is %s"
                    .formatted(site.shop.site, row.change.id(), row.status));
        }
    }

    /** A user goes, whose order the centre keeps, for it takes no later change of it. */
    private void aSweepIsRefused(SiteTopics site) {
        Writers writers = writers(site);
        long user = writers.add();
        long order = writers.add(new Order(user, "1"));
        exchange(site);
        writers.change(order, new Order(writers.add(), Writers.FAR_TOO_MUCH + ".0"));
        writers.delete(user);
        exchange(site);
        site.shop.planResyncAndDelete();
        simulation.cycles(1);
        simulation.until(simulation::isResynced);
        simulation.cycles(2);
        world.pass(ShopDatabase.PATIENCE); // its sweep waits as long as a sweep is on its way, which is itself
        settle();
    }

    /** What was read is settled later, and the centre has been asked before that. */
    private void aCallFails(SiteTopics site) {
        RelayProcess leader = writtenAndReceived(site);
        leader.atCall(1 + world.place(CALLS), () -> {
            throw new DataAccessResourceFailureException("the connection was closed");
        });
        leader.turn();
        writers(site).add();
        leader.requestCycle();
        leader.turn();
        leader.turn();
        receive();
        leader.settle();
        settle();
    }

    /** What DB_B loses bears the numbers of what is acknowledged next, and that is not heard. */
    private void theSameNumbersComeAgain(SiteTopics site) {
        exchange(site);
        weather.loseLast(1);
        site.acknowledgements.loseNext(1);
        for (int i = 0; i < 2; i++) {
            writtenAndReceived(site);
        }
        leader(site).settle();
        settle();
    }

    /** What was sent anew before it may be lost. */
    private void aSweepComesToACentreThatHasForgotten(SiteTopics site) {
        settle();
        site.shop.planResyncAndDelete();
        for (int round = 0; round < MOST_ROUNDS && site.shop.resync != null; round++) {
            exchange(site);
            simulation.resyncs.get(simulation.sites.indexOf(site)).move();
        }
        world.pass(RelayProcess.HELLO_EVERY.plusSeconds(1));
        send(site);
        weather.loseLast(1);
        takeOneByOne(3);
        settle();
    }

    /** DB_B forgets what the site has seen, takes what the site loses then, and so remembers both less and more. */
    private void bothGoBack(SiteTopics site) {
        exchange(site);
        ShopDatabase.Backup backup = site.shop.backup();
        weather.loseLast(1);
        writtenAndReceived(site);
        weather.restore(site, backup);
        settle();
    }

    /** DB_A is set back to before an epoch of which the centre has heard already. */
    private void theSiteGoesBackAsAnEpochBegins(SiteTopics site) {
        exchange(site);
        weather.loseLast(1);
        world.pass(RelayProcess.HELLO_EVERY.plusSeconds(1));
        writers(site).add();
        RelayProcess leader = leader(site);
        leader.requestCycle();
        leader.turn();
        ShopDatabase.Backup backup = site.shop.backup();
        takeOneByOne(1);
        leader.turn();
        receive(); // what was sent before the epoch, and the HELLO in it
        weather.restore(site, backup);
        settle();
    }

    /** What another site has written into a site's topics tells nothing. */
    private void strangersWrite(SiteTopics site, SiteTopics other) {
        exchange(other);
        InMemorySite.Row row =
                site.shop.changesOf("users/" + writers(site).add()).get(0);
        send(site);
        site.acknowledgements.append(AcknowledgementJson.write(new Acknowledgement(
                other.shop.site,
                site.shop.queue.epoch,
                new AcknowledgementId(1, ""),
                "",
                List.of(new SequenceRange(1, row.change.id())),
                List.of(),
                0,
                world.now(),
                null)));
        leader(site).settle();
        if (row.status != SyncStatus.PENDING) {
            throw new Violation("%s believes what %s is told".formatted(site.shop.site, other.shop.site));
        }
        site.changes.append(other.changes.at(other.changes.end() - 1));
        settle();
    }

    /** A record is its who delivered it first. */
    private void aSiteWritesWhatIsNotItsOwn(SiteTopics stranger, SiteTopics owner) {
        long user = writers(owner).add();
        settle();
        Map<String, String> theirs = simulation.central.now().row("users/" + user);
        InMemorySite.Row row = written(stranger, user, new User("stranger", "stranger@" + stranger.shop.site));
        settle();
        boolean refused = row.status == SyncStatus.FAILED && row.lastError.startsWith(Reason.OTHER_SITE.name());
        if (!refused || !theirs.equals(simulation.central.now().row("users/" + user))) {
            throw new Violation("%s has written users/%d, which is not its own: %s, %s"
                    .formatted(stranger.shop.site, user, row.status, row.lastError));
        }
    }

    private static InMemorySite.Row written(SiteTopics site, long id, User user) {
        var change = site.shop.captured("users", id, Operation.INSERT, ShopDatabase.row(id, user));
        site.shop.commit(change);
        return site.shop.queue.row(change.id());
    }

    /** One more change has come to DB_B; the site does not know yet. */
    private RelayProcess writtenAndReceived(SiteTopics site) {
        writers(site).add();
        RelayProcess leader = send(site);
        receive();
        return leader;
    }

    private void exchange(SiteTopics site) {
        writtenAndReceived(site).settle();
    }

    private RelayProcess send(SiteTopics site) {
        RelayProcess leader = leader(site);
        leader.requestCycle();
        leader.settle();
        return leader;
    }

    private void receive() {
        simulation.centres.forEach(Actor::move);
    }

    private void takeOneByOne(int records) {
        simulation.centres.forEach(centre -> centre.takes(1));
        for (int i = 0; i < records; i++) {
            receive();
        }
        simulation.centres.forEach(centre -> centre.takes(CentreProcess.MOST_RECORDS));
    }

    private void settle() {
        simulation.cycles(1);
        simulation.until(simulation::isAllDone);
    }

    private Writers writers(SiteTopics site) {
        return simulation.writers.get(simulation.sites.indexOf(site));
    }

    private RelayProcess leader(SiteTopics site) {
        return simulation.relays.stream()
                .filter(relay -> relay.leads(site))
                .findAny()
                .orElseThrow();
    }
}
