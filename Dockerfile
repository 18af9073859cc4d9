# One file for all services: --build-arg SERVICE=local-api, outbox-relay, central-consumer or campaign-pull.
ARG MAVEN_IMAGE=maven:3-eclipse-temurin-17
ARG JAVA_IMAGE=eclipse-temurin:17-jre

FROM ${MAVEN_IMAGE} AS build
# "here" builds the jars in this stage. "outside" takes those that `mvn package` has left in the target folders, for
# a build container that reaches no Maven repository.
ARG JARS=here
WORKDIR /source
# The libraries first: this layer stays as it is until a pom.xml changes.
COPY .mvn .mvn
COPY pom.xml ./
COPY sql/pom.xml sql/
COPY change-events/pom.xml change-events/
COPY mysql/pom.xml mysql/
COPY sync-queue/pom.xml sync-queue/
COPY steering/pom.xml steering/
COPY development-stack/pom.xml development-stack/
COPY local-api/pom.xml local-api/
COPY outbox-relay/pom.xml outbox-relay/
COPY central-consumer/pom.xml central-consumer/
COPY campaign-pull/pom.xml campaign-pull/
COPY end-to-end/pom.xml end-to-end/
COPY benchmarks/pom.xml benchmarks/
COPY simulation/pom.xml simulation/
ENV MAVEN_BUILD="mvn --batch-mode --no-transfer-progress package -Dmaven.test.skip=true -Dspotless.check.skip=true \
-Dmysql.unpack.skip=true --also-make --projects local-api,outbox-relay,central-consumer,campaign-pull"
RUN [ "$JARS" = outside ] || $MAVEN_BUILD -Dspring-boot.repackage.skip=true
COPY . .
RUN [ "$JARS" = outside ] || $MAVEN_BUILD
RUN for service in local-api outbox-relay central-consumer campaign-pull; do \
      java -Djarmode=tools -jar "$service/target/$service-app.jar" extract --layers --destination "/layers/$service" \
      && mv "/layers/$service/application/$service-app.jar" "/layers/$service/application/service.jar" \
      || exit 1; \
    done \
    && javac -d /layers/health containers/Ready.java

FROM ${JAVA_IMAGE}
ARG SERVICE
WORKDIR /service
COPY --from=build /layers/health/ health/
COPY --from=build /layers/${SERVICE}/dependencies/ ./
COPY --from=build /layers/${SERVICE}/application/ ./
USER 10001:10001
ENTRYPOINT ["java", "-XX:+UseSerialGC", "-XX:MaxRAMPercentage=60", "-XX:NewRatio=1", "-XX:MetaspaceSize=128m", "-XX:+ExitOnOutOfMemoryError", "-jar", "service.jar"]
