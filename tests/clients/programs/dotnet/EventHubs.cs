using Azure.Messaging.EventHubs;
using Azure.Messaging.EventHubs.Consumer;
using Azure.Messaging.EventHubs.Primitives;
using Azure.Messaging.EventHubs.Producer;
using static Check;

static class EventHubs
{
    static readonly string Hub = Setting("HUB");
    static readonly EventHubsRetryOptions Once = new() { MaximumRetries = 0, TryTimeout = TimeSpan.FromSeconds(10) };

    static EventHubProducerClient Producer(string? hub = null, string connection = "CONNECTION_STRING") =>
        new(Setting(connection), hub ?? Hub, new EventHubProducerClientOptions { RetryOptions = Once });

    public static async Task Run()
    {
        Version(typeof(EventHubProducerClient));
        await That("produce", Produce);
        await That("consume", Consume);
        await That("admin", Admin);
        await That("wrong key", async () =>
        {
            await using var stranger = Producer(connection: "WRONG_CONNECTION_STRING");
            await Throws<UnauthorizedAccessException>(() => stranger.GetPartitionIdsAsync());
        });
        await That("owners", Owners);
    }

    static async Task Produce()
    {
        await using var producer = Producer();
        using var batch = await producer.CreateBatchAsync(new CreateBatchOptions { PartitionKey = "a key" });
        foreach (var value in Values[..10]) Must(batch.TryAdd(Event(value)), "a batch of ten is full");
        await producer.SendAsync(batch);
        foreach (var value in Values[10..]) await producer.SendAsync([Event(value)]);
        var tooLarge = await Throws<EventHubsException>(() => producer.SendAsync([new EventData(new byte[1_048_577])]));
        Must(tooLarge.Reason == EventHubsException.FailureReason.MessageSizeExceeded, $"told {tooLarge.Reason}");
    }

    static EventData Event(string value) =>
        new(value) { Properties = { ["int"] = 7, ["guid"] = new Guid("00112233-4455-6677-8899-aabbccddeeff") } };

    static async Task Consume()
    {
        await using var consumer = new EventHubConsumerClient("$Default", Setting("CONNECTION_STRING"), Hub);
        var wanted = Values.ToHashSet();
        var options = new ReadEventOptions { MaximumWaitTime = TimeSpan.FromSeconds(5) };
        await foreach (var read in consumer.ReadEventsAsync(startReadingAtEarliestEvent: true, options))
        {
            Must(read.Data is not null, $"{wanted.Count} did not come back");
            if (!wanted.Remove(read.Data!.EventBody.ToString())) continue;
            Must(read.Data.Properties["int"] is int and 7, "an int came back with another type");
            Must(read.Data.Properties["guid"] is Guid, "a Guid came back with another type");
            Must(read.Partition.ReadLastEnqueuedEventProperties().SequenceNumber >= read.Data.SequenceNumber,
                "the partition ends before its event");
            if (wanted.Count == 0) return;
        }
    }

    static async Task Admin()
    {
        await using var producer = Producer();
        Must((await producer.GetPartitionIdsAsync()).Length == 4, "there are not 4 partitions");
        await Throws<ArgumentOutOfRangeException>(() => producer.GetPartitionPropertiesAsync("9"));
        await using var nowhere = Producer("no-such-hub");
        var missing = await Throws<EventHubsException>(() => nowhere.SendAsync([new EventData("x")]));
        Must(missing.Reason == EventHubsException.FailureReason.ResourceNotFound, $"told {missing.Reason}");
    }

    static async Task Owners()
    {
        await using var first = Receiver(1);
        await first.ReceiveBatchAsync(1, TimeSpan.FromMilliseconds(500));
        await using var second = Receiver(2);
        await second.ReceiveBatchAsync(1, TimeSpan.FromMilliseconds(500));
        var stolen = await Throws<EventHubsException>(async () =>
        {
            for (var tries = 0; tries < 5; tries++) await first.ReceiveBatchAsync(1, TimeSpan.FromMilliseconds(500));
        });
        Must(stolen.Reason == EventHubsException.FailureReason.ConsumerDisconnected, $"told {stolen.Reason}");
    }

    static PartitionReceiver Receiver(long owner) =>
        new("$Default", "3", EventPosition.Latest, Setting("CONNECTION_STRING"), Hub,
            new PartitionReceiverOptions { RetryOptions = Once, OwnerLevel = owner });
}
