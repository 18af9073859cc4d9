package dev.outboxsync.stack;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.exception.ConflictException;
import com.github.dockerjava.api.exception.NotModifiedException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.GenericContainer;

/** One run of a container that Testcontainers has made. The container outlives it, with its data, and may run again. */
final class RunningContainer implements RunningPart {
    private static final Duration PAUSE = Duration.ofMillis(100);

    private final String name;
    private final String id;
    private volatile boolean stopped;

    private RunningContainer(String name, String id) {
        this.name = name;
        this.id = id;
    }

    /** Demands Docker, makes the container the first time, and starts it. It is removed when this JVM ends. */
    static RunningContainer start(String name, GenericContainer<?> container) {
        if (container.getContainerId() != null) {
            docker().startContainerCmd(container.getContainerId()).exec();
        } else {
            // Testcontainers itself would look for it for minutes.
            DockerCompose.demandDocker("The profile `containers`");
            Runtime.getRuntime().addShutdownHook(new Thread(container::stop));
            container.start();
        }
        return new RunningContainer(name, container.getContainerId());
    }

    @Override
    public void awaitReady(BooleanSupplier ready, Duration limit) {
        long deadline = System.nanoTime() + limit.toNanos();
        while (!ready.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                kill9();
                throw new StackProblem(name + " was not ready within " + limit.toSeconds() + " s.");
            }
            try {
                TimeUnit.MILLISECONDS.sleep(PAUSE.toMillis());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new StackProblem("Interrupted while waiting for " + name + ".", e);
            }
        }
    }

    @Override
    public void stop(Duration limit) {
        stopped = true;
        try {
            docker().stopContainerCmd(id)
                    .withTimeout(Math.toIntExact(limit.toSeconds()))
                    .exec();
        } catch (NotModifiedException hadEnded) {
            // which is what was wanted
        }
    }

    @Override
    public void kill9() {
        try {
            docker().killContainerCmd(id).exec();
        } catch (ConflictException hadEnded) {
            // which is what was wanted
        }
        awaitEnd();
    }

    @Override
    public long pid() {
        Long pid = docker().inspectContainerCmd(id).exec().getState().getPidLong();
        return pid == null ? 0 : pid;
    }

    @Override
    public boolean wasStopped() {
        return stopped;
    }

    @Override
    public int awaitEnd() {
        return docker().waitContainerCmd(id).start().awaitStatusCode();
    }

    private static DockerClient docker() {
        return DockerClientFactory.instance().client();
    }
}
