using System.Text;
using Confluent.Kafka;
using Confluent.Kafka.Admin;
using static Check;

static class KafkaClient
{
    static readonly string Hub = Setting("HUB");
    static readonly string Group = $"{Setting("CLIENT")}-readers";
    static readonly TimeSpan Soon = TimeSpan.FromSeconds(10);

    static T With<T>(T config, string password = "CONNECTION_STRING") where T : ClientConfig
    {
        config.BootstrapServers = Setting("KAFKA");
        config.SecurityProtocol = SecurityProtocol.SaslPlaintext;
        config.SaslMechanism = SaslMechanism.Plain;
        config.SaslUsername = "$ConnectionString";
        config.SaslPassword = Setting(password);
        return config;
    }

    static AdminClientBuilder AdminOf(AdminClientConfig config) => new AdminClientBuilder(config).SetLogHandler((_, _) => { });

    public static async Task Run()
    {
        Version(typeof(ProducerConfig));
        await That("produce", Produce);
        await That("consume", Consume);
        await That("admin", Admin);
        await That("wrong key", WrongKey);
        await That("token", Token);
        await That("no gzip", async () =>
        {
            using var producer = new ProducerBuilder<string, string>(
                With(new ProducerConfig { CompressionType = CompressionType.Gzip, LingerMs = 50 })).Build();
            var text = new string('x', 5000);
            var refused = await Throws<KafkaException>(() =>
                producer.ProduceAsync(Hub, new Message<string, string> { Key = "k", Value = text }));
            Must(refused.Error.Code == ErrorCode.UnsupportedCompressionType, $"told {refused.Error}");
        });
        await That("settings, producer", () =>
        {
            Printed.Producer(producer =>
            {
                var message = new Message<string, byte[]> { Key = "printed", Value = Encoding.UTF8.GetBytes("printed") };
                var result = producer.ProduceAsync(Hub, message).Result;
                Must(result.Status == PersistenceStatus.Persisted, $"told {result.Status}");
            });
            return Task.CompletedTask;
        });
        await That("settings, consumer", () =>
        {
            Printed.Consumer(consumer =>
            {
                consumer.Subscribe(Setting("OUTCOMES"));
                var read = consumer.Consume(TimeSpan.FromSeconds(30));
                Must(read is not null && Encoding.UTF8.GetString(read.Message.Value) == Setting("OUTCOME"), "the outcome did not come");
                consumer.Commit(read);
                consumer.Close();
            });
            return Task.CompletedTask;
        });
        await That("transactions", () =>
        {
            using var producer = new ProducerBuilder<string, string>(
                With(new ProducerConfig { TransactionalId = "a transaction" })).SetLogHandler((_, _) => { }).Build();
            return Throws<KafkaException>(() => Task.Run(() => producer.InitTransactions(Soon)));
        });
    }

    static async Task Produce()
    {
        using var producer = new ProducerBuilder<string, string>(
            With(new ProducerConfig { EnableIdempotence = true })).Build();
        var sent = await Task.WhenAll(Values.Select(value => producer.ProduceAsync(Hub, new Message<string, string>
        {
            Key = value,
            Value = value,
            Headers = new Headers { { "ce_id", Encoding.UTF8.GetBytes(value) } },
        })));
        Must(sent.DistinctBy(result => result.TopicPartitionOffset).Count() == Values.Length, "two records share a place");
    }

    static Task Consume()
    {
        using var consumer = new ConsumerBuilder<string, string>(With(new ConsumerConfig
        {
            GroupId = Group,
            GroupInstanceId = $"{Group}-1",
            AutoOffsetReset = AutoOffsetReset.Earliest,
        })).SetLogHandler((_, _) => { }).Build();
        consumer.Subscribe(Hub);
        var wanted = Values.ToHashSet();
        for (var tries = 0; wanted.Count > 0 && tries < 2000; tries++)
        {
            if (consumer.Consume(TimeSpan.FromSeconds(1)) is not { } read || !wanted.Remove(read.Message.Value)) continue;
            Must(read.Message.Key == read.Message.Value, "a key came back changed");
            Must(Encoding.UTF8.GetString(read.Message.Headers.GetLastBytes("ce_id")) == read.Message.Value,
                "a header came back changed");
            Must(DateTime.UtcNow - read.Message.Timestamp.UtcDateTime < TimeSpan.FromMinutes(1), "an old append time");
        }
        consumer.Close();
        Must(wanted.Count == 0, $"{wanted.Count} did not come back");
        return Task.CompletedTask;
    }

    static async Task Admin()
    {
        using var admin = AdminOf(With(new AdminClientConfig())).Build();
        Must(admin.GetMetadata(Hub, Soon).Topics[0].Partitions.Count == 4, "there are not 4 partitions");
        Must((await admin.ListConsumerGroupsAsync()).Valid.Any(group => group.GroupId == Group), "the group is not listed");
        var described = await admin.DescribeConsumerGroupsAsync([Group]);
        Must(described.ConsumerGroupDescriptions[0].GroupId == Group, "the group is not described");
        var resource = new ConfigResource { Type = ResourceType.Topic, Name = Hub };
        var settings = await admin.DescribeConfigsAsync([resource]);
        Must(settings[0].Entries["max.message.bytes"].Value == "1048576", "the size limit is not told");
        await Throws<CreateTopicsException>(() => admin.CreateTopicsAsync([new TopicSpecification { Name = "another", NumPartitions = 1, ReplicationFactor = 1 }]));
    }

    static Task WrongKey()
    {
        var told = new List<ErrorCode>();
        using var admin = AdminOf(With(new AdminClientConfig(), "WRONG_CONNECTION_STRING"))
            .SetErrorHandler((_, error) => told.Add(error.Code)).Build();
        try
        {
            admin.GetMetadata(TimeSpan.FromSeconds(3));
        }
        catch (KafkaException)
        {
        }
        Must(told.Contains(ErrorCode.Local_Authentication), $"told {string.Join(", ", told)}");
        return Task.CompletedTask;
    }

    static Task Token()
    {
        var config = new AdminClientConfig
        {
            BootstrapServers = Setting("KAFKA"),
            SecurityProtocol = SecurityProtocol.SaslPlaintext,
            SaslMechanism = SaslMechanism.OAuthBearer,
        };
        var expiry = DateTimeOffset.UtcNow.AddMinutes(50).ToUnixTimeMilliseconds();
        using var admin = AdminOf(config)
            .SetOAuthBearerTokenRefreshHandler((client, _) =>
                client.OAuthBearerSetToken(Setting("TOKEN"), expiry, "darkroom", null))
            .Build();
        Must(admin.GetMetadata(Hub, Soon).Topics[0].Partitions.Count == 4, "there are not 4 partitions");
        return Task.CompletedTask;
    }
}
