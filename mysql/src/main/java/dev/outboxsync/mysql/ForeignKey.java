package dev.outboxsync.mysql;

import java.util.List;

/**
 * A foreign key of a table of the schema.
 *
 * @param columns of the child, in the order of the columns of the parent that they refer to
 * @param parent empty where it is a table of another schema
 * @param onDelete what becomes of the child's rows when the parent's goes
 * @param onUpdate what becomes of them when the parent's key changes
 */
public record ForeignKey(
        String name,
        String child,
        List<String> columns,
        String parent,
        List<String> referred,
        Rule onDelete,
        Rule onUpdate) {
    public ForeignKey {
        columns = List.copyOf(columns);
        referred = List.copyOf(referred);
    }

    /** What MySQL does with the child's rows; where it writes them, it fires no trigger. */
    public enum Rule {
        CASCADE,
        SET_NULL,
        /** NO ACTION, RESTRICT, and what InnoDB does not take anyway. */
        RESTRICT;

        static Rule of(String name) {
            return switch (name) {
                case "CASCADE" -> CASCADE;
                case "SET NULL" -> SET_NULL;
                default -> RESTRICT;
            };
        }
    }
}
