package dev.outboxsync.local.user;

import dev.outboxsync.local.request.Fields;
import dev.outboxsync.local.request.Texts;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A user as a client sends it. */
record UserBody(@Nullable String name, @Nullable String email) {
    private static final int LONGEST_NAME = 200;
    private static final int LONGEST_EMAIL = 254;
    // Only a letter sent there shows that an address is right: this keeps out what is none at all.
    // Letters that came into Unicode after this Java are none to it (Cn), and letters to people.
    private static final String PART = "[^@\\p{Cc}\\p{Cf}\\p{Co}\\p{Cs}\\p{Z}\\s]+";
    private static final Pattern EMAIL = Pattern.compile(PART + "@" + PART);

    /** The user to write; refused, 400, with all that is wrong. */
    UserFields checked() {
        var fields = new Fields();
        var checked = new UserFields(
                fields.check("name", name, "", text -> Texts.problemOfLine(text, LONGEST_NAME)),
                fields.check("email", email, "", UserBody::problemOfEmail));
        fields.demandAllGood();
        return checked;
    }

    private static @Nullable String problemOfEmail(String text) {
        if (Texts.isLonger(text, LONGEST_EMAIL)) {
            return "must have at most " + LONGEST_EMAIL + " characters";
        }
        return EMAIL.matcher(text).matches() ? null : "must be like name@host, without spaces or control characters";
    }
}
