package dev.outboxsync.steering.problem;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.http.HttpHeaders;
import org.springframework.web.filter.OncePerRequestFilter;

/** Tells browsers what they may make of an answer: people's data is not kept, not guessed at, not framed, not run. */
final class AnswerHeaders extends OncePerRequestFilter {
    private static final String PAGE = "/swagger-ui";
    private static final String NOTHING = "default-src 'none'; frame-ancestors 'none'";

    /** It loads its files and asks the service, nobody else; its styles and pictures stand partly in its code. */
    private static final String OF_THE_PAGE = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline';"
            + " img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        give(request, response);
        chain.doFilter(request, response);
    }

    /** TRACE, for one, is refused before any filter, and then told by the page of errors. */
    @Override
    protected boolean shouldNotFilterErrorDispatch() {
        return false;
    }

    /** Gives an answer its headers, again after they were reset. */
    static void give(HttpServletRequest request, HttpServletResponse response) {
        boolean page = String.valueOf(request.getRequestURI()).startsWith(PAGE);
        response.setHeader("X-Content-Type-Options", "nosniff");
        response.setHeader("Content-Security-Policy", page ? OF_THE_PAGE : NOTHING);
        response.setHeader(HttpHeaders.CACHE_CONTROL, page ? "no-cache" : "no-store");
    }
}
