// Holds every resource of a Bicep snapshot to the types that Azure publishes: required, read-only and unknown
// properties, kinds of values, enums (taken as closed), lengths, patterns and ranges. Prints one fault a line.
using System.Text.Json.Nodes;
using Azure.Bicep.Types.Az;

var loader = new AzTypeLoader();
var types = loader.LoadTypeIndex().Resources.ToDictionary(entry => entry.Key, entry => entry.Value, StringComparer.OrdinalIgnoreCase);

foreach (var resource in JsonNode.Parse(File.ReadAllText(args[0]))!["predictedResources"]!.AsArray())
{
    var body = resource!.AsObject();
    var type = $"{body["type"]}@{body["apiVersion"]}";
    var faults = new Faults($"{body["type"]} {body["name"]}");
    // A template names a child in full; its type knows the last segment.
    body["name"] = body["name"]!.GetValue<string>().Split('/').Last();
    if (types.TryGetValue(type, out var found)) Shape.Check(body, loader.LoadResourceType(found).Body.Type, "", faults);
    else faults.Add("", $"no published type {type}");
    foreach (var line in faults.Lines) Console.WriteLine(line);
}
