package dev.outboxsync.steering;

import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The names that this service goes by. A page of anybody's can have its own name lead to 127.0.0.1, and a browser then takes
 * the service for the page's own server: nothing but the name tells the two apart. Names are not looked up.
 */
final class OwnNames {
    static final String SETTING = "ALLOWED_HOSTS";

    private static final Pattern NAME = Pattern.compile("[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?");
    private static final Pattern PORT = Pattern.compile(":[0-9]{0,5}$");
    private static final Pattern LOOPBACK = Pattern.compile("localhost|127(?:\\.[0-9]{1,3}){3}|\\[::1]");

    /** A neighbour in a network of containers calls by the service's name or its address; no page can have either. */
    private static final Pattern NEIGHBOURS =
            Pattern.compile("[a-z0-9-]+|[0-9]{1,3}(?:\\.[0-9]{1,3}){3}|\\[[0-9a-f:.]+]");

    private final Set<String> listed;
    private final boolean amongContainers;

    private OwnNames(Set<String> listed, boolean amongContainers) {
        this.listed = listed;
        this.amongContainers = amongContainers;
    }

    /**
     * Those of the loopback, and more.
     *
     * @param list names by which a proxy in front passes requests on, separated by commas; may be empty
     * @param amongContainers whether neighbours call by names without a dot, or by addresses
     * @throws StartRefused if one of the list is no name
     */
    static OwnNames of(String list, boolean amongContainers) {
        Set<String> names = Arrays.stream(list.toLowerCase(Locale.ROOT).split(",", -1))
                .map(String::strip)
                .filter(name -> !name.isEmpty())
                .collect(Collectors.toSet());
        if (!names.stream().allMatch(name -> NAME.matcher(name).matches())) {
            throw new StartRefused(
                    SETTING + " holds what is no host name.",
                    "Write names alone, without https://, port or *, separated by commas: sync.example.org,till.example.org");
        }
        return new OwnNames(names, amongContainers);
    }

    /** Whether a {@code Host}, with or without a port, is one of them. */
    boolean hold(String host) {
        String name = PORT.matcher(host.toLowerCase(Locale.ROOT)).replaceFirst("");
        return LOOPBACK.matcher(name).matches()
                || listed.contains(name)
                || (amongContainers && NEIGHBOURS.matcher(name).matches());
    }

    /** Whether an {@code Origin} is a page of this service: of the host that was called, or of one listed. */
    boolean holdPage(String origin, String host) {
        String authority = origin.toLowerCase(Locale.ROOT).replaceFirst("^https?://", "");
        return authority.equals(host.toLowerCase(Locale.ROOT))
                || listed.contains(PORT.matcher(authority).replaceFirst(""));
    }
}
