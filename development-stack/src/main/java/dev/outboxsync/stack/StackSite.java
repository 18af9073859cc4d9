package dev.outboxsync.stack;

import java.util.List;

/**
 * What a stack calls the parts of one site.
 *
 * @param number where the keys begin that the site generates
 * @param secrets what stands behind the names of its passwords
 */
record StackSite(String id, int number, String mySql, String localApi, String outboxRelay, String secrets) {
    static final StackSite FIRST =
            new StackSite("site-1", 0, StackPlan.MYSQL_A, StackPlan.LOCAL_API, StackPlan.OUTBOX_RELAY, "");
    static final StackSite SECOND =
            new StackSite("site-2", 1, StackPlan.MYSQL_A_2, StackPlan.LOCAL_API_2, StackPlan.OUTBOX_RELAY_2, "_2");

    List<String> parts() {
        return List.of(mySql, localApi, outboxRelay);
    }
}
