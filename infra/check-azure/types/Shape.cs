using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Azure.Bicep.Types.Concrete;

/// <summary>Compares a JSON value with a published type. What only Azure knows at run time ("[reference(…)]") is let through.</summary>
static class Shape
{
    static readonly string[] ofResourceManager = ["scope", "dependsOn", "condition"];

    public static void Check(JsonNode? value, TypeBase type, string path, Faults faults)
    {
        if (value is null || (TextOf(value) is string text && text.StartsWith('['))) return;
        switch (type)
        {
            case UnionType union: Union(value, union, path, faults); break;
            case StringLiteralType literal when TextOf(value) != literal.Value: faults.Add(path, $"{value} is not '{literal.Value}'"); break;
            case StringType wanted: Text(value, wanted, path, faults); break;
            case IntegerType range: Integer(value, range, path, faults); break;
            case BooleanType when value.GetValueKind() is not (JsonValueKind.True or JsonValueKind.False): faults.Add(path, $"{value} is not a boolean"); break;
            case ArrayType list: List(value, list, path, faults); break;
            case ObjectType wanted: Properties(value, wanted.Properties, wanted.AdditionalProperties?.Type, path, faults); break;
            case DiscriminatedObjectType variants: Variant(value, variants, path, faults); break;
        }
    }

    static string? TextOf(JsonNode value) => value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : null;

    static void Union(JsonNode value, UnionType union, string path, Faults faults)
    {
        var members = union.Elements.Select(element => element.Type).ToList();
        var literals = members.OfType<StringLiteralType>().Select(literal => literal.Value).ToList();
        if (literals.Count > 0 && TextOf(value) is string text)
        {
            if (!literals.Contains(text)) faults.Add(path, $"'{text}' is none of {string.Join(", ", literals)}");
        }
        else if (!members.Any(member => Fits(value, member, path))) faults.Add(path, $"{value} fits none of the types that are possible");
    }

    static bool Fits(JsonNode value, TypeBase type, string path)
    {
        var tried = new Faults("");
        Check(value, type, path, tried);
        return tried.Lines.Count == 0;
    }

    static void Text(JsonNode value, StringType wanted, string path, Faults faults)
    {
        if (TextOf(value) is not string text) { faults.Add(path, $"{value} is not a string"); return; }
        if (text.Length < wanted.MinLength || text.Length > wanted.MaxLength)
            faults.Add(path, $"'{text}' has not {wanted.MinLength} to {wanted.MaxLength} characters");
        if (wanted.Pattern is string pattern && !Regex.IsMatch(text, pattern)) faults.Add(path, $"'{text}' does not match {pattern}");
    }

    static void Integer(JsonNode value, IntegerType range, string path, Faults faults)
    {
        if (value.GetValueKind() != JsonValueKind.Number || !value.AsValue().TryGetValue<long>(out var number)) faults.Add(path, $"{value} is not an integer");
        else if (number < range.MinValue || number > range.MaxValue) faults.Add(path, $"{number} is not in {range.MinValue} to {range.MaxValue}");
    }

    static void List(JsonNode value, ArrayType list, string path, Faults faults)
    {
        if (value is not JsonArray items) { faults.Add(path, "is not an array"); return; }
        if (items.Count < list.MinLength || items.Count > list.MaxLength) faults.Add(path, $"has {items.Count} items, not {list.MinLength} to {list.MaxLength}");
        foreach (var item in items) Check(item, list.ItemType.Type, $"{path}[]", faults);
    }

    static void Variant(JsonNode value, DiscriminatedObjectType variants, string path, Faults faults)
    {
        var kind = value is JsonObject body && body[variants.Discriminator] is JsonNode named ? TextOf(named) : null;
        if (kind is null || !variants.Elements.TryGetValue(kind, out var variant))
        {
            faults.Add($"{path}.{variants.Discriminator}", $"'{kind}' is none of {string.Join(", ", variants.Elements.Keys)}");
            return;
        }
        var own = ((ObjectType)variant.Type).Properties;
        var all = variants.BaseProperties.Where(property => !own.ContainsKey(property.Key)).Concat(own).ToDictionary();
        Properties(value, all, null, path, faults);
    }

    static void Properties(JsonNode value, IEnumerable<KeyValuePair<string, ObjectTypeProperty>> declared, TypeBase? others, string path, Faults faults)
    {
        if (value is not JsonObject body) { faults.Add(path, "is not an object"); return; }
        var known = declared.ToDictionary(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, item) in body)
        {
            var at = $"{path}.{name}";
            if (known.TryGetValue(name, out var property))
            {
                if (path != "" && property.Flags.HasFlag(ObjectTypePropertyFlags.ReadOnly)) faults.Add(at, "is read-only");
                Check(item, property.Type.Type, at, faults);
            }
            else if (others is not null) Check(item, others, at, faults);
            else if (path != "" || !ofResourceManager.Contains(name)) faults.Add(at, "is not a property of this type");
        }
        foreach (var (name, property) in known)
            if (property.Flags.HasFlag(ObjectTypePropertyFlags.Required) && !body.Any(own => own.Key.Equals(name, StringComparison.OrdinalIgnoreCase)))
                faults.Add($"{path}.{name}", "is required");
    }
}
