package dev.outboxsync.steering.problem;

import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import java.io.ByteArrayInputStream;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import org.springframework.http.HttpHeaders;

/** A request whose body has been read. */
final class WholeRequest extends HttpServletRequestWrapper {
    private final ServletInputStream body;

    WholeRequest(HttpServletRequest request, byte[] body) {
        super(request);
        this.body = new Body(body);
    }

    @Override
    public ServletInputStream getInputStream() {
        return body;
    }

    /** An Accept that names nothing says nothing: the actuator takes it for a type that it does not know. */
    @Override
    public Enumeration<String> getHeaders(String name) {
        List<String> values = Collections.list(super.getHeaders(name));
        boolean saysNothing =
                name.equalsIgnoreCase(HttpHeaders.ACCEPT) && values.stream().allMatch(String::isBlank);
        return Collections.enumeration(saysNothing ? List.of() : values);
    }

    private static final class Body extends ServletInputStream {
        private final ByteArrayInputStream octets;

        Body(byte[] octets) {
            this.octets = new ByteArrayInputStream(octets);
        }

        @Override
        public int read() {
            return octets.read();
        }

        @Override
        public int read(byte[] buffer, int offset, int length) {
            return octets.read(buffer, offset, length);
        }

        @Override
        public boolean isFinished() {
            return octets.available() == 0;
        }

        @Override
        public boolean isReady() {
            return true;
        }

        @Override
        public void setReadListener(ReadListener listener) {
            throw new IllegalStateException("The body is read already, and by nobody else.");
        }
    }
}
