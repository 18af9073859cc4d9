package dev.outboxsync.steering.request;

import dev.outboxsync.steering.problem.FieldProblem;
import dev.outboxsync.steering.problem.Problems;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.springframework.http.HttpStatus;
import org.springframework.util.MultiValueMap;
import org.springframework.web.ErrorResponseException;

/** The parameters of a list: each known, at most once, and of the right form; anything else is refused, 400. */
public final class ListQuery {
    private static final int DEFAULT_LIMIT = 50;
    private static final int GREATEST_LIMIT = 500;
    private static final String LIMIT = "limit";
    private static final String AFTER = "after";

    private final MultiValueMap<String, String> parameters;

    private ListQuery(MultiValueMap<String, String> parameters) {
        this.parameters = parameters;
    }

    /**
     * Takes the parameters of a request.
     *
     * @param known those of this list, beside {@code limit}
     */
    public static ListQuery of(MultiValueMap<String, String> parameters, String... known) {
        return only(parameters, withLimit(known));
    }

    /**
     * Takes the parameters of a request that is about all of a list, and has no limit.
     *
     * @param known all that there are
     */
    public static ListQuery only(MultiValueMap<String, String> parameters, List<String> known) {
        Set<String> names = Set.copyOf(known);
        for (Map.Entry<String, List<String>> parameter : parameters.entrySet()) {
            if (!names.contains(parameter.getKey())) {
                throw refusal(
                        FieldProblem.shown(parameter.getKey()),
                        "is not a parameter of this list; known: "
                                + names.stream().sorted().collect(Collectors.joining(", ")));
            }
            if (parameter.getValue().size() > 1) {
                throw refusal(FieldProblem.shown(parameter.getKey()), "must be given once");
            }
        }
        return new ListQuery(parameters);
    }

    /** How many items are wanted: 50 if nothing is said, never more than 500. */
    public int limit() {
        return (int) Math.min(number(LIMIT, DEFAULT_LIMIT), GREATEST_LIMIT);
    }

    /** A whole number from 1 on. */
    public long number(String name, long otherwise) {
        Optional<String> text = text(name);
        return text.isEmpty()
                ? otherwise
                : RecordId.parse(text.get()).orElseThrow(() -> refusal(name, "must be a whole number from 1 on"));
    }

    /** Where a list begins: behind this number, from 0 on; at its beginning if nothing is said. */
    public long after() {
        return text(AFTER).filter(text -> !text.equals("0")).isEmpty() ? 0 : number(AFTER, 0);
    }

    /** One of these constants, written as they are. */
    public <E extends Enum<E>> Optional<E> constant(String name, Class<E> type) {
        return text(name)
                .map(text -> Arrays.stream(type.getEnumConstants())
                        .filter(constant -> constant.name().equals(text))
                        .findFirst()
                        .orElseThrow(
                                () -> refusal(name, "must be one of " + Arrays.toString(type.getEnumConstants()))));
    }

    /** A text that is wholly of this form. */
    public Optional<String> text(String name, Pattern form, String reason) {
        Optional<String> text = text(name);
        if (text.isPresent() && !form.matcher(text.get()).matches()) {
            throw refusal(name, reason);
        }
        return text;
    }

    private Optional<String> text(String name) {
        Optional<String> text = Optional.ofNullable(parameters.getFirst(name));
        if (text.filter(String::isEmpty).isPresent()) {
            throw refusal(name, "must not be empty; leave it out instead");
        }
        return text;
    }

    private static List<String> withLimit(String... known) {
        var names = new ArrayList<>(List.of(known));
        names.add(LIMIT);
        return names;
    }

    private static ErrorResponseException refusal(String parameter, String reason) {
        return Problems.of(
                HttpStatus.BAD_REQUEST, "A parameter of the list is wrong.", new FieldProblem(parameter, reason));
    }
}
