using System.Text.Json;

// One program for both clients: the argument says which.
await (args[0] == "event-hubs" ? EventHubs.Run() : KafkaClient.Run());

/// <summary>What a client's program is told (environment) and tells (a JSON line a check).</summary>
static class Check
{
    public static string Setting(string name) => Environment.GetEnvironmentVariable(name)!;

    public static readonly string[] Values =
        Enumerable.Range(0, 20).Select(index => $"{Setting("CLIENT")} {index}").ToArray();

    public static void Version(Type type) =>
        Tell(new { version = type.Assembly.GetName().Version!.ToString(3) });

    public static async Task That(string name, Func<Task> work)
    {
        try
        {
            await Task.Run(work).WaitAsync(TimeSpan.FromSeconds(45));
            Tell(new { check = name, ok = true });
        }
        catch (Exception error)
        {
            Tell(new { check = name, ok = false, detail = $"{error.GetType().Name}: {error.Message.Split('\n')[0]}" });
        }
    }

    public static void Must(bool holds, string what)
    {
        if (!holds) throw new InvalidOperationException(what);
    }

    public static async Task<T> Throws<T>(Func<Task> work) where T : Exception
    {
        try
        {
            await work();
        }
        catch (T error)
        {
            return error;
        }
        throw new InvalidOperationException($"no {typeof(T).Name}");
    }

    static void Tell(object line) => Console.WriteLine(JsonSerializer.Serialize(line));
}
