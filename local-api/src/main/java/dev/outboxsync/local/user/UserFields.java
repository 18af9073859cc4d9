package dev.outboxsync.local.user;

/** What a client may say of a user, checked. */
record UserFields(String name, String email) {}
