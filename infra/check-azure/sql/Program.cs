// Microsoft's own parser and model over the project's T-SQL. Standard input: {"azure": [{"name", "batches"}], "variants":
// the same with a fault planted in each, "linted": the same with what the lints have to find, "statements": what they ask a server, "synapse", "collation"}, files
// in the order in which they are applied. Standard output: the checks, which faults were seen, the interface as the model
// has it, and what the lints look at. infra/check-azure/sql.ts calls it.
using System.Text.Json;
using Microsoft.SqlServer.TransactSql.ScriptDom;

var json = new JsonSerializerOptions(JsonSerializerDefaults.Web);
var input = JsonSerializer.Deserialize<Input>(Console.In.ReadToEnd(), json)!;
var parser = new TSql170Parser(initialQuotedIdentifiers: true, SqlEngineType.SqlAzure);

var (checks, model) = Azure.Check(parser, input.Azure, input.Collation);
var seen = input.Variants.Select(files => Azure.Check(parser, files, input.Collation).Checks.Any(check => check.Errors.Length > 0));
var (faulty, planted) = Azure.Check(parser, input.Linted, input.Collation);
var synapse = ServerlessModel.Check(input.Synapse);
Console.WriteLine(JsonSerializer.Serialize(new
{
    checks = checks.Append(synapse)
        .Append(faulty[1] with { Name = "Azure SQL model with faults for the lints" })
        .Append(Parsing.Check(parser, input.Statements) with { Name = "T-SQL of the lints parses" }),
    seen,
    views = model.Views(),
    procedures = model.Procedures(),
    snapshot = model.Snapshot(),
    planted = planted.Snapshot(),
}, json));

record Script(string Name, string[] Batches);
record Input(Script[] Azure, Script[][] Variants, Script[] Linted, Script[] Statements, Script[] Synapse, string Collation);
record Check(string Name, string[] Errors, string Summary);

static class Azure
{
    public static (Check[] Checks, AzureModel Model) Check(TSqlParser parser, Script[] files, string collation)
    {
        var database = new Database(parser);
        foreach (var file in files) database.Apply(file);
        var model = new AzureModel(database, collation);
        return ([Parsing.Check(parser, files), model.Check()], model);
    }
}

static class Parsing
{
    public static Check Check(TSqlParser parser, IEnumerable<Script> files)
    {
        var errors = new List<string>();
        var batches = 0;
        foreach (var file in files)
            foreach (var batch in file.Batches)
            {
                batches++;
                parser.Parse(new StringReader(batch), out var found);
                errors.AddRange(found.Select(e => $"{file.Name}: {e.Message} (line {e.Line} of \"{batch.Split('\n')[0]}\")"));
            }
        return new Check("T-SQL parses", [.. errors], $"{batches} batches of {files.Count()} files");
    }
}
