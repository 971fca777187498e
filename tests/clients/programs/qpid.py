import re

import proton
from proton import Described, Message, int32, symbol
from proton.reactor import Filter
from proton.utils import BlockingConnection, LinkDetached

from check import CONNECTION_STRING, HUB, VALUES, WRONG, check, must, version

SELECTOR = symbol("apache.org:selector-filter:string")


def connect(connection_string=CONNECTION_STRING):
    field = lambda pattern: re.search(pattern, connection_string)[1]
    return BlockingConnection(
        f"amqp://{field('sb://([^;]+)')}",
        timeout=10,
        allowed_mechs="PLAIN",
        user=field("SharedAccessKeyName=([^;]+)"),
        password=field("SharedAccessKey=([^;]+)"),
        reconnect=False,
    )


def produce():
    connection = connect()
    sender = connection.create_sender(f"{HUB}/Partitions/2")
    for value in VALUES:
        sender.send(Message(body=value.encode(), properties={"n": int32(7)}))
    connection.close()


def consume():
    connection, wanted = connect(), set(VALUES)
    start = Filter({SELECTOR: Described(SELECTOR, "amqp.annotation.x-opt-offset > '-1'")})
    receiver = connection.create_receiver(f"{HUB}/ConsumerGroups/$Default/Partitions/2", credit=50, options=start)
    while wanted:
        message = receiver.receive(timeout=5)
        value = bytes(message.body or b"").decode(errors="replace")
        if value in wanted:
            wanted.remove(value)
            must(type(message.properties["n"]) is int32, "a property came back with another type")
    connection.close()


def admin():
    connection = connect()
    try:
        connection.create_sender("no-such-hub")
        raise AssertionError("a hub that is not there was opened")
    except LinkDetached as error:
        must(error.condition == "amqp:not-found", f"told {error}")


def wrong_key():
    try:
        connect(WRONG)
    except proton.ProtonException:
        return
    raise AssertionError("let in")


version(".".join(str(number) for number in proton.VERSION))
check("produce", produce)
check("consume", consume)
check("admin", admin)
check("wrong key", wrong_key)
