package dev.outboxsync.steering;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.mock.env.MockEnvironment;

class LinkRuleTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "-", textBlock = """
            jdbc:mysql://127.0.0.1:3306/local_db                             | starts
            jdbc:mysql://localhost/local_db                                  | starts
            jdbc:mysql://[::1]:3306/local_db?useUnicode=true                 | starts
            -                                                                | starts
            jdbc:mysql://db-a:3306/local_db                                  | The database is on another machine
            jdbc:mysql://10.0.0.7/local_db?sslMode=REQUIRED                  | The database is on another machine
            jdbc:mysql://127.0.0.1.example.org/local_db                      | The database is on another machine
            jdbc:mysql://localhost,db-2/local_db                             | The database is on another machine
            jdbc:mysql:loadbalance://db-1,db-2/local_db                      | The database is on another machine
            jdbc:mysql+srv://db.example.org/local_db                         | The database is on another machine
            what is this                                                     | The database's URL cannot be read
            mysql://127.0.0.1:3306/local_db                                  | The database's URL cannot be read
            jdbc:mysql://(host=db-a,port=3306)/local_db                      | The database is on another machine
            jdbc:mysql://u:p@db-a/local_db?sslMode=                          | The database is on another machine
            jdbc:mysql://db-a/local_db?sslMode=VERIFY_CA&sslMode=DISABLED    | The database is on another machine
            jdbc:mysql://db-a/local_db?xsslMode=VERIFY_IDENTITY              | The database is on another machine
            jdbc:mysql://db-a/local_db?sslMode=VERIFY_IDENTITY&x=1           | starts
            jdbc:mysql://db-a,db-b/?x=1&sslMode=verify_ca                    | starts
            """)
    void a_database_elsewhere_must_prove_who_it_is(String url, String answer) {
        assertThat(answer("spring.datasource.url", url)).startsWith(answer);
        assertThat(answer("spring.datasource.url", url, "TRUSTED_NETWORK", "true"))
                .isEqualTo("starts");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "-", textBlock = """
            127.0.0.1:9092,localhost:9093 | -              | starts
            kafka:9092                    | -              | Kafka is on another machine
            localhost:9092,kafka:9092     | PLAINTEXT      | Kafka is on another machine
            kafka:9092                    | SASL_PLAINTEXT | Kafka is on another machine
            kafka:9092                    | SSL            | starts
            kafka:9092                    | SASL_SSL       | starts
            """)
    void what_goes_to_kafka_elsewhere_is_encrypted(String servers, String protocol, String answer) {
        String[] link = {"spring.kafka.bootstrap-servers", servers, "spring.kafka.security.protocol", protocol};

        assertThat(answer(link)).startsWith(answer);
        assertThat(answer(link[0], servers, link[2], protocol, "TRUSTED_NETWORK", "true"))
                .isEqualTo("starts");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            https://platform.example      | starts
            http://127.0.0.1:9000/base    | starts
            http://localhost              | starts
            http://platform.example/base  | The platform is on another machine
            HTTP://platform.example       | The platform is on another machine
            http://localhost@platform.example | The platform is on another machine
            """)
    void the_platforms_password_goes_to_another_machine_by_https_alone(String url, String answer) {
        assertThat(answer("campaign-pull.platform.url", url)).startsWith(answer);
        assertThat(answer("campaign-pull.platform.url", url, "TRUSTED_NETWORK", "true"))
                .isEqualTo("starts");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            TRUSTED_NETWORK | yes   | TRUSTED_NETWORK is neither true nor false.
            KAFKA_PASSWORD  | a"b   | KAFKA_PASSWORD has a quote or a backslash in it.
            KAFKA_USER      | a\\b  | KAFKA_USER has a quote or a backslash in it.
            """)
    void what_cannot_be_meant_is_refused(String name, String value, String answer) {
        assertThat(answer(name, value)).isEqualTo(answer);
    }

    private static String answer(String... namesAndValues) {
        var environment = new MockEnvironment();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            if (namesAndValues[i + 1] != null) {
                environment.setProperty(namesAndValues[i], namesAndValues[i + 1]);
            }
        }
        try {
            new LinkRule(environment).postProcessBeanFactory(new DefaultListableBeanFactory());
            return "starts";
        } catch (StartRefused refused) {
            return String.valueOf(refused.getMessage());
        }
    }
}
