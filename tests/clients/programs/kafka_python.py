import kafka
from kafka import KafkaAdminClient, KafkaConsumer, KafkaProducer
from kafka.errors import KafkaError

from check import CLIENT, CONNECTION_STRING, HUB, KAFKA, VALUES, WRONG, check, must, version

GROUP = f"{CLIENT}-readers"


def settings(password=CONNECTION_STRING):
    return {
        "bootstrap_servers": [KAFKA],
        "security_protocol": "SASL_PLAINTEXT",
        "sasl_mechanism": "PLAIN",
        "sasl_plain_username": "$ConnectionString",
        "sasl_plain_password": password,
    }


def produce():
    producer = KafkaProducer(**settings(), acks="all")
    sent = [producer.send(HUB, v.encode(), key=v.encode(), headers=[("ce_id", v.encode())]) for v in VALUES]
    places = {(place.partition, place.offset) for place in (future.get(10) for future in sent)}
    producer.close()
    must(len(places) == len(VALUES), f"{len(places)} places for {len(VALUES)} records")


def consume():
    consumer = KafkaConsumer(HUB, **settings(), group_id=GROUP, auto_offset_reset="earliest", consumer_timeout_ms=15000)
    wanted = set(VALUES)
    for message in consumer:
        value = message.value.decode(errors="replace")
        if value in wanted:
            wanted.remove(value)
            must(message.key == value.encode() and ("ce_id", value.encode()) in message.headers, f"{value} changed")
        if not wanted:
            break
    consumer.close()
    must(not wanted, f"{len(wanted)} did not come back")


def admin():
    client = KafkaAdminClient(**settings())
    must(HUB in client.list_topics(), "the hub is not listed")
    must(GROUP in [name for name, _ in client.list_consumer_groups()], "the group is not listed")
    client.close()


def wrong_key():
    try:
        KafkaConsumer(**settings(WRONG), api_version_auto_timeout_ms=3000).topics()
    except KafkaError:
        return
    raise AssertionError("let in")


version(kafka.__version__)
check("produce", produce)
check("consume", consume)
check("admin", admin)
check("wrong key", wrong_key)
