package dev.outboxsync.campaign;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a page has brought, counted within its transaction. */
final class PageResult {
    long created;
    long changed;
    long unchanged;
    long duplicates;
    long unreadable;
    long newlySeen;
    final List<Problem> problems = new ArrayList<>();

    /** What was given up: a campaign, or a page as a whole. */
    record Problem(@Nullable String campaign, @Nullable Integer page, String reason) {}
}
