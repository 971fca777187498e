import os
import time

import confluent_kafka
from confluent_kafka import Consumer, KafkaError, KafkaException, Producer
from confluent_kafka.admin import AdminClient

from check import CLIENT, CONNECTION_STRING, HUB, KAFKA, OUTCOME, OUTCOMES, TOKEN, VALUES, WRONG, check, must, version

GROUP = f"{CLIENT}-readers"


def settings(password=CONNECTION_STRING, **more):
    login = {"sasl.mechanism": "PLAIN", "sasl.username": "$ConnectionString", "sasl.password": password}
    return {"bootstrap.servers": KAFKA, "security.protocol": "SASL_PLAINTEXT", **login, **more}


def send(**more):
    results = []
    producer = Producer(settings(**{"message.timeout.ms": 10000, **more}))
    for value in VALUES:
        producer.produce(HUB, value, key=value, headers={"ce_id": value}, callback=lambda error, _: results.append(error))
    producer.flush(20)
    return results


def produce():
    results = send(**{"enable.idempotence": True})
    must(results == [None] * len(VALUES), f"not all acknowledged: {results}")


def no_gzip():
    results = send(**{"compression.type": "gzip", "linger.ms": 50})
    codes = {error and error.code() for error in results}
    must(codes == {KafkaError.UNSUPPORTED_COMPRESSION_TYPE}, f"answered {results[:2]}")


def consume():
    consumer = Consumer(settings(**{"group.id": GROUP, "auto.offset.reset": "earliest"}))
    consumer.subscribe([HUB])
    wanted, until = set(VALUES), time.time() + 30
    while wanted and time.time() < until:
        message = consumer.poll(1)
        if message is None or message.error():
            continue
        value = message.value().decode(errors="replace")
        if value not in wanted:
            continue
        wanted.remove(value)
        must(message.key() == value.encode() and ("ce_id", value.encode()) in message.headers(), f"{value} changed")
        must(abs(time.time() - message.timestamp()[1] / 1000) < 60, f"{value} has another append time")
    consumer.close()
    must(not wanted, f"{len(wanted)} did not come back")


def admin():
    client = AdminClient(settings())
    must(HUB in client.list_topics(timeout=10).topics, "the hub is not listed")
    must(GROUP in [group.id for group in client.list_groups(timeout=10)], "the group is not listed")


def refused(**login):
    errors = []
    client = AdminClient(settings(**login, error_cb=errors.append))
    try:
        client.list_topics(timeout=3)
    except KafkaException:
        pass
    client.poll(1)
    must(any(error.code() == KafkaError._AUTHENTICATION for error in errors), f"told {errors}")


def token():
    login = {"sasl.mechanism": "OAUTHBEARER", "oauth_cb": lambda _: (TOKEN, time.time() + 3000)}
    client = AdminClient({"bootstrap.servers": KAFKA, "security.protocol": "SASL_PLAINTEXT", **login})
    client.poll(1)
    must(HUB in client.list_topics(timeout=10).topics, "the hub is not listed")


def printed(side):
    """Runs what `npx darkroom kafka settings` prints, and answers what it makes."""
    names = {}
    exec(os.environ[f"PRINTED_{side.upper()}_PYTHON"], names)
    return names[side]


def produce_printed():
    producer, errors = printed("producer"), []
    producer.produce(HUB, b"printed", key="printed", callback=lambda error, _: errors.append(error))
    producer.flush(20)
    must(errors == [None], f"not acknowledged: {errors}")


def consume_printed():
    consumer, until = printed("consumer"), time.time() + 30
    consumer.subscribe([OUTCOMES])
    message = None
    while message is None and time.time() < until:
        message = consumer.poll(1)
    must(message is not None and message.value() == OUTCOME.encode(), "the outcome did not come")
    consumer.commit(message, asynchronous=False)
    consumer.close()


version(f"{confluent_kafka.version()[0]}, librdkafka {confluent_kafka.libversion()[0]}")
check("produce", produce)
check("consume", consume)
check("admin", admin)
check("wrong key", lambda: refused(password=WRONG))
check("token", token)
check("no gzip", no_gzip)
check("settings, producer", produce_printed)
check("settings, consumer", consume_printed)
