package dev.outboxsync.central;

import dev.outboxsync.event.AcknowledgementId;
import dev.outboxsync.event.Hello;
import dev.outboxsync.event.HelloAnswer;
import dev.outboxsync.event.HelloAnswer.LastReceived;
import org.jspecify.annotations.Nullable;

/** Answers a batch's HELLOs from what the centre remembers of the site; the last one's answer is given. */
final class HelloAnswers {
    private final CentralTransaction centre;
    private SiteState site;
    private @Nullable HelloAnswer answer;

    private HelloAnswers(CentralTransaction centre, SiteState site) {
        this.centre = centre;
        this.site = site;
    }

    /**
     * @param before the site's state before the batch
     * @param next the one after it: in its epoch the answers are
     */
    static HelloAnswers to(Batch batch, CentralTransaction centre, SiteState before, SiteState next) {
        var answers = new HelloAnswers(centre, next);
        // what came behind a HELLO says nothing of what the site had lost when it asked
        batch.questions()
                .forEach(question -> answers.take(
                        question.hello(), before.lastAfter(batch.events().subList(0, question.place()), next.epoch())));
        return answers;
    }

    /** A HELLO that tells of an acknowledgement never given changes nothing, so that the next one is answered alike. */
    private void take(Hello hello, @Nullable LastReceived last) {
        AcknowledgementId seen = hello.seen();
        boolean remembers = site.remembers(seen, centre);
        answer = new HelloAnswer(hello.token(), site.told(), remembers, last);
        if (remembers && seen.number() > site.told()) {
            centre.forgetAcknowledgementsBefore(site.site(), seen.number());
            site = site.told(seen.number());
        }
    }

    SiteState site() {
        return site;
    }

    /** Null when the batch held no HELLO. */
    @Nullable
    HelloAnswer answer() {
        return answer;
    }
}
