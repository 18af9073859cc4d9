package dev.outboxsync.local.order;

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
@RequestMapping(path = OrdersController.PATH, produces = MediaType.APPLICATION_JSON_VALUE)
class OrdersController {
    static final String PATH = "/orders";
    private static final String TABLE = "orders";

    private final Orders orders;
    private final QueueReport queue;

    OrdersController(Orders orders, QueueReport queue) {
        this.orders = orders;
        this.queue = queue;
    }

    @PostMapping(consumes = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<OrderAnswer> create(@RequestBody OrderBody body, HttpServletResponse response) {
        Captured<Order> created = orders.insert(body.checkedAsNew());
        created.result().version().showIn(response);
        return ResponseEntity.created(URI.create(PATH + "/" + created.result().id()))
                .body(OrderAnswer.of(created));
    }

    @PutMapping(path = "/{id}", consumes = MediaType.APPLICATION_JSON_VALUE)
    OrderAnswer replace(@PathVariable String id, @RequestBody OrderBody body, HttpServletResponse response) {
        Captured<Order> replaced = orders.replace(RecordId.inPath(id), body.checked());
        replaced.result().version().showIn(response);
        return OrderAnswer.of(replaced);
    }

    @DeleteMapping("/{id}")
    Deleted delete(@PathVariable String id) {
        return Deleted.of(orders.delete(RecordId.inPath(id)));
    }

    @GetMapping("/{id}")
    OrderAnswer show(@PathVariable String id, HttpServletResponse response) {
        Order found = orders.find(RecordId.inPath(id));
        found.version().showIn(response);
        return withSync(List.of(found)).get(0);
    }

    @GetMapping
    Page<OrderAnswer> list(@RequestParam MultiValueMap<String, String> parameters) {
        var query = ListQuery.of(parameters, "after");
        List<Order> oneMore = orders.list(query.after(), query.limit() + 1);
        return Page.ascending(oneMore, query.limit(), PATH, Order::id).map(this::withSync);
    }

    private List<OrderAnswer> withSync(List<Order> rows) {
        Map<String, QueueEntry> latest = queue.latest(
                TABLE, rows.stream().map(row -> Long.toString(row.id())).toList());
        return rows.stream()
                .map(row -> OrderAnswer.of(row, Sync.ofLatest(latest.get(Long.toString(row.id())))))
                .toList();
    }
}
