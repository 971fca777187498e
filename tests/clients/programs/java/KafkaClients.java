import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.UnsupportedCompressionTypeException;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.common.utils.AppInfoParser;

/** The Java client, with the settings that are printed for it. A JSON line a check, as check.ts has them. */
public class KafkaClients {
    interface Work {
        void run() throws Exception;
    }

    static final Duration SOON = Duration.ofSeconds(30);
    static final String HUB = given("HUB");
    static final List<String> VALUES = new ArrayList<>();

    static String given(String name) {
        String value = System.getenv(name);
        if (value == null) throw new IllegalStateException(name + " is not set: start this by npm run clients.");
        return value;
    }

    static String json(String text) {
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"").replaceAll("\\s+", " ") + '"';
    }

    static void check(String name, Work work) {
        try {
            work.run();
            System.out.println("{\"check\":" + json(name) + ",\"ok\":true}");
        } catch (Throwable error) {
            System.out.println("{\"check\":" + json(name) + ",\"ok\":false,\"detail\":" + json(String.valueOf(error)) + "}");
        }
    }

    static void must(boolean holds, String what) {
        if (!holds) throw new AssertionError(what);
    }

    /** Fails unless the work does, with an error of this kind at its root or above. */
    static void mustFail(Class<? extends Throwable> kind, Work work) {
        try {
            work.run();
        } catch (Throwable error) {
            for (Throwable one = error; one != null; one = one.getCause()) if (kind.isInstance(one)) return;
            throw new AssertionError(error + " instead of " + kind.getSimpleName());
        }
        throw new AssertionError("no error instead of " + kind.getSimpleName());
    }

    /** What is printed for a side, with environment variables filled in, and changes. */
    static Properties printed(String side, Map<String, String> changes) throws Exception {
        Matcher variables = Pattern.compile("\\$\\{(\\w+)\\}").matcher(given("PRINTED_" + side + "_JAVA"));
        Properties properties = new Properties();
        properties.load(new StringReader(variables.replaceAll(found -> Matcher.quoteReplacement(given(found.group(1))))));
        properties.putAll(changes);
        return properties;
    }

    static KafkaProducer<String, String> producer(Map<String, String> changes) throws Exception {
        return new KafkaProducer<>(printed("PRODUCER", changes), new StringSerializer(), new StringSerializer());
    }

    static Set<String> read(String topic, String group, Set<String> wanted) throws Exception {
        Set<String> left = new HashSet<>(wanted);
        Map<String, String> own = group == null ? Map.of() : Map.of("group.id", group);
        try (KafkaConsumer<String, String> consumer =
                new KafkaConsumer<>(printed("CONSUMER", own), new StringDeserializer(), new StringDeserializer())) {
            consumer.subscribe(List.of(topic));
            long end = System.nanoTime() + SOON.toNanos();
            while (!left.isEmpty() && System.nanoTime() < end) {
                for (ConsumerRecord<String, String> record : consumer.poll(Duration.ofMillis(500))) {
                    if (!left.remove(record.value()) || group == null) continue;
                    must(record.value().equals(record.key()), "a key came back changed");
                    String header = new String(record.headers().lastHeader("ce_id").value(), StandardCharsets.UTF_8);
                    must(header.equals(record.value()), "a header came back changed");
                }
            }
            consumer.commitSync();
        }
        return left;
    }

    static Properties signIn(String connectionString) throws Exception {
        Properties properties = printed("PRODUCER", Map.of("default.api.timeout.ms", "60000"));
        String login = properties.getProperty("sasl.jaas.config");
        properties.put("sasl.jaas.config", login.replace(given("EVENT_HUBS_CONNECTION_STRING"), connectionString));
        return properties;
    }

    static void describe(Admin admin) throws Exception {
        int partitions = admin.describeTopics(List.of(HUB)).allTopicNames().get().get(HUB).partitions().size();
        must(partitions == 4, "there are not 4 partitions");
    }

    public static void main(String[] args) throws Exception {
        for (int index = 0; index < 20; index++) VALUES.add(given("CLIENT") + " " + index);
        String group = given("CLIENT") + "-readers";
        System.out.println("{\"version\":" + json(AppInfoParser.getVersion()) + "}");

        check("produce", () -> {
            Set<String> places = new HashSet<>();
            try (KafkaProducer<String, String> producer = producer(Map.of())) {
                List<Future<RecordMetadata>> sent = new ArrayList<>();
                for (String value : VALUES) {
                    ProducerRecord<String, String> record = new ProducerRecord<>(HUB, value, value);
                    record.headers().add("ce_id", value.getBytes(StandardCharsets.UTF_8));
                    sent.add(producer.send(record));
                }
                for (Future<RecordMetadata> one : sent) places.add(one.get().partition() + "/" + one.get().offset());
            }
            must(places.size() == VALUES.size(), "two records share a place");
        });
        check("consume", () -> {
            Set<String> left = read(HUB, group, Set.copyOf(VALUES));
            must(left.isEmpty(), left.size() + " did not come back");
        });
        check("admin", () -> {
            try (Admin admin = Admin.create(signIn(given("CONNECTION_STRING")))) {
                describe(admin);
                must(admin.describeCluster().nodes().get().size() == 1, "there is not one broker");
                must(admin.listConsumerGroups().all().get().stream().anyMatch(one -> one.groupId().equals(group)), "the group is not listed");
                must(admin.describeConsumerGroups(List.of(group)).all().get().containsKey(group), "the group is not described");
                ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, HUB);
                String limit = admin.describeConfigs(List.of(resource)).all().get().get(resource).get("max.message.bytes").value();
                must(limit.equals("1048576"), "the size limit is " + limit);
                mustFail(org.apache.kafka.common.KafkaException.class,
                    () -> admin.createTopics(List.of(new NewTopic("another", 1, (short) 1))).all().get(20, TimeUnit.SECONDS));
            }
        });
        check("wrong key", () -> {
            try (Admin admin = Admin.create(signIn(given("WRONG_CONNECTION_STRING")))) {
                mustFail(SaslAuthenticationException.class, () -> describe(admin));
            }
        });
        check("token", () -> {
            Path file = Files.createTempFile("token", "");
            Files.writeString(file, given("TOKEN"));
            // As printed for Azure, but for the address of the token.
            Properties properties = printed("PRODUCER", Map.of(
                "sasl.mechanism", "OAUTHBEARER",
                "sasl.oauthbearer.token.endpoint.url", file.toUri().toString(),
                "sasl.login.callback.handler.class", "org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginCallbackHandler",
                "sasl.jaas.config", "org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginModule required;"));
            try (Admin admin = Admin.create(properties)) {
                describe(admin);
            } finally {
                Files.delete(file);
            }
        });
        check("no gzip", () -> {
            try (KafkaProducer<String, String> producer = producer(Map.of("compression.type", "gzip"))) {
                mustFail(UnsupportedCompressionTypeException.class,
                    () -> producer.send(new ProducerRecord<>(HUB, "k", "x".repeat(5000))).get());
            }
        });
        check("settings, producer", () -> {
            try (KafkaProducer<String, String> producer = producer(Map.of())) {
                producer.send(new ProducerRecord<>(HUB, "printed", "printed")).get();
            }
        });
        check("settings, consumer", () ->
            must(read(given("OUTCOMES"), null, Set.of(given("OUTCOME"))).isEmpty(), "the outcome did not come"));
        check("transactions", () -> {
            Map<String, String> own = Map.of("transactional.id", "a transaction", "max.block.ms", "20000");
            try (KafkaProducer<String, String> producer = producer(own)) {
                mustFail(org.apache.kafka.common.KafkaException.class, producer::initTransactions);
            }
        });
        System.exit(0);
    }
}
