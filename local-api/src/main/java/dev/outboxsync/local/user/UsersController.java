package dev.outboxsync.local.user;

import dev.outboxsync.local.capture.Captured;
import dev.outboxsync.local.capture.Deleted;
import dev.outboxsync.local.capture.Sync;
import dev.outboxsync.local.request.Page;
import dev.outboxsync.queue.QueueEntry;
import dev.outboxsync.queue.QueueReport;
import dev.outboxsync.steering.request.ListQuery;
import dev.outboxsync.steering.request.RecordId;
import jakarta.servlet.http.HttpServletResponse;
import java.net.URI;
import java.util.List;
import java.util.Map;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.util.MultiValueMap;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping(path = UsersController.PATH, produces = MediaType.APPLICATION_JSON_VALUE)
class UsersController {
    static final String PATH = "/users";
    private static final String TABLE = "users";

    private final Users users;
    private final QueueReport queue;

    UsersController(Users users, QueueReport queue) {
        this.users = users;
        this.queue = queue;
    }

    @PostMapping(consumes = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<UserAnswer> create(@RequestBody UserBody body, HttpServletResponse response) {
        Captured<User> created = users.insert(body.checked());
        created.result().version().showIn(response);
        return ResponseEntity.created(URI.create(PATH + "/" + created.result().id()))
                .body(UserAnswer.of(created));
    }

    @PutMapping(path = "/{id}", consumes = MediaType.APPLICATION_JSON_VALUE)
    UserAnswer replace(@PathVariable String id, @RequestBody UserBody body, HttpServletResponse response) {
        Captured<User> replaced = users.replace(RecordId.inPath(id), body.checked());
        replaced.result().version().showIn(response);
        return UserAnswer.of(replaced);
    }

    @DeleteMapping("/{id}")
    Deleted delete(@PathVariable String id) {
        return Deleted.of(users.delete(RecordId.inPath(id)));
    }

    @GetMapping("/{id}")
    UserAnswer show(@PathVariable String id, HttpServletResponse response) {
        User found = users.find(RecordId.inPath(id));
        found.version().showIn(response);
        return withSync(List.of(found)).get(0);
    }

    @GetMapping
    Page<UserAnswer> list(@RequestParam MultiValueMap<String, String> parameters) {
        var query = ListQuery.of(parameters, "after");
        List<User> oneMore = users.list(query.after(), query.limit() + 1);
        return Page.ascending(oneMore, query.limit(), PATH, User::id).map(this::withSync);
    }

    private List<UserAnswer> withSync(List<User> rows) {
        Map<String, QueueEntry> latest = queue.latest(
                TABLE, rows.stream().map(row -> Long.toString(row.id())).toList());
        return rows.stream()
                .map(row -> UserAnswer.of(row, Sync.ofLatest(latest.get(Long.toString(row.id())))))
                .toList();
    }
}
