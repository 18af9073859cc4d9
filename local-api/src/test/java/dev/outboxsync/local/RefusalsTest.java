package dev.outboxsync.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outboxsync.local.RunningApi.Answer;
import dev.outboxsync.local.SiteDatabases.SiteDatabase;
import dev.outboxsync.stack.TestParts;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Refusals, read aloud: what was wrong, and what to do, for somebody at a till. */
class RefusalsTest {
    private static SiteDatabase database;
    private static RunningApi api;

    @BeforeAll
    static void start() {
        database = SiteDatabases.fresh(TestParts.mySql());
        api = RunningApi.readyOn(database);
        api.post("/users", "{\"name\":\"Ann\",\"email\":\"ann@example.org\"}");
        api.post("/orders", "{\"user_id\":1,\"amount\":1}");
    }

    @AfterAll
    static void stop() {
        api.close();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            POST /users | {"name":"Bob" | The body is not valid JSON in UTF-8, each field once. Correct it and send it again.
            POST /users | [1] | The body must be one JSON object, in braces, with one value to each field.
            POST /users | {"name":7,"email":"a@b"} | A field of the body is wrong. name must be a text in quotes
            POST /users | {"emial":"a@b"} | A field of the body is wrong. emial is not known here; known: name, email
            POST /users | {"name":"Bob"} | Some fields of the body are wrong. email must be there and not null
            POST /users | {"name":" ","email":"bob"} | Some fields of the body are wrong. name must not be blank, email must be like name@host, without spaces or control characters
            POST /users | {"name":"Bob","email":"ann@example.org"} | Another record has this value already. Choose another one. email is taken already
            POST /orders | {"user_id":"1","amount":1} | A field of the body is wrong. user_id must be a whole number in digits, without quotes
            POST /orders | {"user_id":1,"amount":"1"} | A field of the body is wrong. amount must be a number without quotes
            POST /orders | {"user_id":1,"amount":0.001} | Some fields of the body are wrong. amount must be a number from 0 to 9999999999.99 with at most two decimals
            POST /orders | {"user_id":9,"amount":1} | The record that this one refers to does not exist. Make that one first, or refer to another. user_id does not exist
            DELETE /users/1 | {} | Other records refer to this one. Delete or change those first.
            DELETE /users/9 | {} | There is no user with this id. Look for the right one in GET /users.
            PUT /orders/x | {"user_id":1,"amount":1,"status":"A"} | The address holds no valid id. id must be a whole number from 1 to 9223372036854775807
            PATCH /users/1 | {} | This method is not offered at this address. Offered: DELETE, GET, PUT.
            POST /user | {} | There is nothing at this address. Look for a typing error in it.
            GET /users?limit=x | {} | A parameter of the list is wrong. limit must be a whole number from 1 on
            GET /users?x=1 | {} | A parameter of the list is wrong. x is not a parameter of this list; known: after, limit
            GET /users/1?x=1 | {} | The address holds a parameter that means nothing here. Leave it out. x is not a parameter of this request
            POST /orders | {"user_id":1E0,"amount":1} | A field of the body is wrong. user_id must be a whole number in digits, without quotes
            GET /users/1;v=2 | {} | The address holds a semicolon. Leave out the semicolon and what follows.
            """)
    void a_refusal_says_what_was_wrong_and_what_to_do(String line, String body, String sentence) {
        String[] part = line.split(" ", -1);

        Answer answer = api.send(api.json(part[0], part[1], body));

        String errors = answer.json()
                .get("errors")
                .valueStream()
                .map(error -> error.get("field").asString() + " "
                        + error.get("reason").asString())
                .collect(Collectors.joining(", "));
        assertThat((answer.json().get("detail").asString() + " " + errors).strip())
                .isEqualTo(sentence);
    }

    @Test
    void json_that_is_only_too_long_is_not_called_invalid() {
        String digits = "1".repeat(1_200);

        assertThat(api.post("/orders", "{\"user_id\":1,\"amount\":" + digits + "}")
                        .body())
                .contains("A number or a name in the body is far too long");
        assertThat(api.post("/users", "{\"" + "n".repeat(60_000) + "\":1}").body())
                .contains("A number or a name in the body is far too long");
    }

    @Test
    void a_number_that_no_id_can_be_is_told_by_its_field() {
        assertThat(api.postWithToken("/sync/retry", "{\"ids\":[9223372036854775808]}")
                        .body())
                .contains("\"field\":\"ids.0\"", "is a number that is too large or too small");
    }

    @Test
    void what_cannot_be_read_is_not_looked_for_in_the_wrong_place() {
        assertThat(api.get("/users?after=" + "1".repeat(9_000)).body()).contains("longer than 8 KB");
        assertThat(api.send(api.json("POST", "/users", "{}").header("Content-Encoding", ""))
                        .body())
                .contains("A body with this header Content-Encoding is not taken.");
        assertThat(api.send(api.request("GET", "/v3/api-docs.yaml").header("Accept", "application/json"))
                        .body())
                .contains("Ask with Accept: */*");
    }

    @Test
    void a_wrong_token_is_not_called_a_missing_one() {
        assertThat(api.send(api.json("POST", "/sync/retry", "{}").header("Authorization", "Bearer another"))
                        .body())
                .contains("does not hold this service's token", "CENTRE_TOKEN");
        assertThat(api.post("/sync/retry", "{}").body()).contains("needs the service's token");
    }
}
