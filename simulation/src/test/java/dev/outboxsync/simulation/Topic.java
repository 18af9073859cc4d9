package dev.outboxsync.simulation;

import java.util.ArrayList;
import java.util.List;

/** A topic of one partition. */
final class Topic {
    private final List<byte[]> records = new ArrayList<>();
    private long first;
    private int life;
    private int toLose;

    void append(byte[] value) {
        records.add(value);
        if (toLose > 0) {
            toLose--;
            truncate(records.size());
        }
    }

    /** The next records are gone before anybody has read them. */
    void loseNext(int count) {
        toLose = count;
    }

    long first() {
        return first;
    }

    long end() {
        return first + records.size();
    }

    byte[] at(long offset) {
        return records.get((int) (offset - first));
    }

    /** Where a reader goes on: out of the topic's range, it begins with the oldest record. */
    long placeFor(long position) {
        return position < first || position > end() ? first : position;
    }

    /** Retention overtakes. */
    void truncate(int count) {
        records.subList(0, count).clear();
        first += count;
    }

    int size() {
        return records.size();
    }

    /** Deleted, and made anew. */
    void delete() {
        records.clear();
        first = 0;
        life++;
    }

    /** How often it was made anew. */
    int life() {
        return life;
    }
}
