package dev.outboxsync.event;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The name of a site, and with it the names of its two topics.
 *
 * @param name 1 to 40 of {@code a-z}, {@code 0-9} and {@code -}; anything else is an {@link IllegalArgumentException}
 */
public record Site(String name) {
    /** Matches the topic of changes of every site. */
    public static final Pattern CHANGES_TOPICS = Pattern.compile("sync\\.changes\\.([a-z0-9-]{1,40})");

    private static final Pattern NAME = Pattern.compile("[a-z0-9-]{1,40}");

    public Site {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    "SITE_ID must be 1 to 40 of a-z, 0-9 and '-', for it is part of the topics' names");
        }
    }

    /** The site whose changes this topic carries; empty for any other topic. */
    public static Optional<Site> ofChangesTopic(String topic) {
        var matcher = CHANGES_TOPICS.matcher(topic);
        return matcher.matches() ? Optional.of(new Site(matcher.group(1))) : Optional.empty();
    }

    /** The topic that carries this site's changes to the centre. */
    public String changesTopic() {
        return "sync.changes." + name;
    }

    /** The topic that carries the centre's acknowledgements to this site. */
    public String acknowledgementsTopic() {
        return "sync.acks." + name;
    }

    @Override
    public String toString() {
        return name;
    }
}
