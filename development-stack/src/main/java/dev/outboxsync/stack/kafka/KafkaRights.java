package dev.outboxsync.stack.kafka;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.ScramCredentialInfo;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.clients.admin.UserScramCredentialUpsertion;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;

/** Makes users, their rights and topics on a broker that asks who comes, by the table {@code containers/kafka-rights}. */
public final class KafkaRights implements AutoCloseable {
    private static final int ITERATIONS = 8192;

    private final Admin admin;
    private final List<String> table;

    /**
     * Speaks to the broker with these settings, which are its administrator's.
     *
     * @param rights the table
     */
    public KafkaRights(Map<String, Object> adminSettings, Path rights) {
        try {
            this.table = Files.readAllLines(rights);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        this.admin = Admin.create(adminSettings);
    }

    /** A site's user, who bears its name, and its two topics. */
    public void addSite(String site, String password) {
        addUser("site", site, site, password);
        await(admin.createTopics(List.of(
                        new NewTopic("sync.changes." + site, 1, (short) 1),
                        new NewTopic("sync.acks." + site, 1, (short) 1)))
                .all());
    }

    /** The centre's user. */
    public void addCentre(String user, String password) {
        addUser("centre", user, "", password);
    }

    private void addUser(String role, String user, String site, String password) {
        var credential = new ScramCredentialInfo(ScramMechanism.SCRAM_SHA_512, ITERATIONS);
        await(admin.alterUserScramCredentials(List.of(new UserScramCredentialUpsertion(user, credential, password)))
                .all());
        List<AclBinding> rights = table.stream()
                .map(line -> line.strip().split("\\s+"))
                .filter(right -> right[0].equals(role))
                .map(right -> right(right, user, site))
                .toList();
        if (rights.isEmpty()) {
            throw new IllegalArgumentException("No rights for " + role);
        }
        await(admin.createAcls(rights).all());
    }

    private static AclBinding right(String[] right, String user, String site) {
        return new AclBinding(
                new ResourcePattern(
                        ResourceType.valueOf(right[2].toUpperCase(Locale.ROOT)),
                        right[4].replace("SITE", site),
                        PatternType.valueOf(right[3].toUpperCase(Locale.ROOT))),
                new AccessControlEntry(
                        "User:" + user,
                        "*",
                        AclOperation.valueOf(right[1].toUpperCase(Locale.ROOT)),
                        AclPermissionType.ALLOW));
    }

    private static void await(KafkaFuture<?> future) {
        try {
            future.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        admin.close();
    }
}
