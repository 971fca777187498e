/// <summary>What is wrong with one resource.</summary>
sealed class Faults(string resource)
{
    readonly List<string> lines = [];

    public IReadOnlyList<string> Lines => lines;

    public void Add(string path, string what) => lines.Add($"{resource} {path}: {what}".Replace(" :", ":"));
}
