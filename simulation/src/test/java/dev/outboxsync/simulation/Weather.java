package dev.outboxsync.simulation;

import dev.outboxsync.central.SimulatedCentralDatabase;
import dev.outboxsync.central.SimulatedCentralDatabase.State;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What befalls the surroundings: kills, cuts, lost logs, restored databases, clocks that are set. */
final class Weather extends Actor {
    private final World world;
    private final List<SiteTopics> sites;
    private final List<RelayProcess> relays;
    private final List<CentreProcess> centres;
    private final List<Writers> writers;
    private final SimulatedCentralDatabase central;
    private final Oracle oracle;
    private final boolean losesLogs;
    private final List<SiteTopics> restoredSites;
    private final boolean restoresCentre;
    private final Map<SiteTopics, ShopDatabase.Backup> backups = new HashMap<>();
    /** How often, in per cent, a backup is not made, or not restored. */
    private final int spared;

    private State centralBackup;
    private SiteTopics saved;
    private int untilNext;

    Weather(Simulation simulation, World world) {
        super("weather");
        this.world = world;
        this.sites = simulation.sites;
        this.relays = simulation.relays;
        this.centres = simulation.centres;
        this.writers = simulation.writers;
        this.central = simulation.central;
        this.oracle = simulation.oracle;
        this.losesLogs = world.chance(50);
        this.restoresCentre = world.chance(65);
        this.spared = world.any(List.of(40, 40, 70));
        this.restoredSites = restoresCentre ? world.any(List.of(List.of(), List.of(world.any(sites)), sites)) : sites;
    }

    @Override
    void step() {
        age();
        SiteTopics site = world.any(sites);
        if (world.chance(60)) {
            return;
        }
        switch (world.random.nextInt(15)) {
            case 0 -> world.any(relays).kill();
            case 1 -> world.any(centres).kill();
            case 2, 3, 4 -> rebalance(site);
            case 5 -> {
                if (world.chance(40)) {
                    site.cutOff(world.chance(50));
                } else {
                    site.connect();
                }
            }
            case 6 -> site.shop.queue.online = !world.chance(40);
            case 7 -> world.any(relays).clock.set(Duration.ofMinutes(world.random.nextInt(-180, 60)));
            case 8, 9 -> loseLog(site);
            case 10 -> failOver();
            case 11 -> setBackAtOnce(site);
            default -> clearUp(site);
        }
    }

    /** Now and then a backup is made, and later a database set back to it. */
    private void age() {
        if (untilNext-- > 0) {
            return;
        }
        if (saved == null) {
            SiteTopics site = world.any(restoredSites.isEmpty() ? sites : restoredSites);
            if (!site.shop.isInOrder()) {
                return;
            }
            saved = site;
            backUp(saved);
            untilNext = world.chance(30) ? world.random.nextInt(3) : world.random.nextInt(3, 32);
        } else {
            oracle.epochsHaveReasons(); // those that began before
            restoreSite(saved);
            restoreCentre();
            saved = null;
            untilNext = world.random.nextInt(1, 6);
        }
    }

    /** Another server takes DB_B's place, which has not got the last of what was committed. */
    private void failOver() {
        if (!restoresCentre) {
            return;
        }
        Map<SiteTopics, Integer> lost = loseLast(world.any(List.of(1, 1, 2, 3)));
        for (SiteTopics site : sites) {
            if (lost.containsKey(site) && world.isTroubled()) {
                // with as many of what is acknowledged next, the numbers follow each other again
                site.acknowledgements.loseNext(world.chance(75) ? lost.get(site) : world.random.nextInt(3));
            }
        }
    }

    /** DB_B loses so many of the last commits; answers how many acknowledgements of which sites were among them. */
    Map<SiteTopics, Integer> loseLast(int commits) {
        oracle.epochsHaveReasons(); // those that began before
        State before = central.now();
        central.loseLast(commits);
        centralBackup = null;
        var lost = new HashMap<SiteTopics, Integer>();
        for (SiteTopics site : sites) {
            long count = before.given(site.shop.site).number()
                    - central.now().given(site.shop.site).number();
            if (count > 0) {
                lost.put(site, (int) count);
                oracle.wentBack(site.shop, false);
            }
        }
        world.tell(() -> "DB_B loses the last of what was committed");
        return lost;
    }

    private static void clearUp(SiteTopics site) {
        site.connect();
        site.shop.queue.online = true;
    }

    private void rebalance(SiteTopics site) {
        if (site.reader != null) {
            site.reader.lose(site);
        }
        site.reader = world.any(centres);
        world.tell(() -> "%s is read by %s".formatted(site.shop.site, site.reader.name));
    }

    private void loseLog(SiteTopics site) {
        if (!losesLogs) {
            return;
        }
        switch (world.random.nextInt(6)) {
            case 0 -> site.changes.truncate(world.random.nextInt(site.changes.size() + 1));
            case 1 -> site.acknowledgements.truncate(world.random.nextInt(site.acknowledgements.size() + 1));
            case 2 -> {
                site.changes.delete();
                site.acknowledged.clear();
                site.skipped.clear();
                site.committed = null;
            }
            case 3 -> site.acknowledgements.delete();
            case 4 -> seek(site, mayReadAgain(site) ? site.changes.first() : site.changes.end());
            default -> seek(site, site.changes.end());
        }
        world.tell(() -> "the log of %s loses something".formatted(site.shop.site));
    }

    /**
     * Not where the log may still hold records of a lost DB_A that nothing tells from new ones: both databases were set
     * back to before their epoch, which begun again bears the same number; or the centre has never read them, for its
     * offset was moved past them. Decision 17 tells of it.
     */
    private boolean mayReadAgain(SiteTopics site) {
        boolean wentBack = site.shop.restores > 0;
        return !(wentBack && (restoresCentre || !site.skipped.isEmpty()));
    }

    private static void seek(SiteTopics site, long offset) {
        site.skipTo(offset);
        site.committed = offset;
        if (site.reader != null) {
            site.reader.lose(site);
        }
    }

    private void backUp(SiteTopics site) {
        if (isHit(backups.containsKey(site))) {
            backups.put(site, site.shop.backup());
        }
        if (isHit(centralBackup != null)) {
            centralBackup = central.backup();
        }
    }

    /** Where DB_B may be restored, backups of both are of different moments, and not always both are restored. */
    private boolean isHit(boolean mayBeSpared) {
        return !(mayBeSpared && restoresCentre && world.chance(spared));
    }

    private void restoreSite(SiteTopics site) {
        ShopDatabase.Backup backup = backups.get(site);
        if (restoredSites.contains(site) && backup != null && isHit(true)) {
            restore(site, backup);
        }
    }

    /** DB_A is set back; whoever is in the midst of a call loses its connection. */
    void restore(SiteTopics site, ShopDatabase.Backup backup) {
        site.shop.restore(backup);
        relays.forEach(Actor::disconnect);
        oracle.wentBack(site.shop, true);
        world.tell(() -> "DB_A of %s is restored".formatted(site.shop.site));
    }

    /** Between the backup and now few have moved: perhaps nobody has written the lease. */
    private void setBackAtOnce(SiteTopics site) {
        if (!restoredSites.contains(site) || !site.shop.isInOrder() || !isHit(true)) {
            return;
        }
        ShopDatabase.Backup backup = site.shop.backup();
        List<RelayProcess> its =
                relays.stream().filter(relay -> relay.serves(site)).toList();
        if (world.chance(50)) {
            writers.get(sites.indexOf(site)).goOn();
            its.forEach(RelayProcess::requestCycle);
        }
        for (int i = world.random.nextInt(1, 6); i > 0; i--) {
            (world.chance(70) ? world.any(its) : world.any(centres)).move();
        }
        oracle.epochsHaveReasons(); // those that began before
        restore(site, backup);
    }

    private void restoreCentre() {
        if (restoresCentre && centralBackup != null && isHit(true)) {
            central.restore(centralBackup);
            sites.forEach(site -> oracle.wentBack(site.shop, false));
            world.tell(() -> "DB_B is restored");
        }
    }

    /** The last of the trouble: what is acknowledged next may be lost. */
    void loseSomeAcknowledgements() {
        sites.forEach(site -> site.acknowledgements.loseNext(world.random.nextInt(6)));
    }

    /** All of every log comes once more, and an old acknowledgement. */
    void deliverAllAgain() {
        for (SiteTopics site : sites) {
            if (mayReadAgain(site)) {
                seek(site, site.changes.first());
                site.skipped.clear();
            }
            if (site.acknowledgements.size() > 0) {
                site.acknowledgements.append(site.acknowledgements.at(site.acknowledgements.first()));
            }
        }
    }

    /** When all has been well for a while: all clocks are set back by half a day, DB_B loses a little. */
    void afterwards() {
        if (world.chance(50)) {
            relays.forEach(relay -> relay.clock.set(Duration.ofHours(-12)));
        }
        if (world.chance(70)) {
            failOver();
        }
    }

    /** All is well again: the link, the switch, the readers; clocks stay as they are. */
    void clear() {
        var readers = new ArrayList<>(centres);
        for (SiteTopics site : sites) {
            clearUp(site);
            if (site.reader == null) {
                site.reader = readers.get(0);
            }
        }
    }
}
