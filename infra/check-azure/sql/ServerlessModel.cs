using System.Text.RegularExpressions;
using Microsoft.SqlServer.Dac;
using Microsoft.SqlServer.Dac.Model;

/// <summary>A DacFx model for Synapse serverless SQL. Each batch there is guarded, and the model takes what is behind the guard.</summary>
static class ServerlessModel
{
    static readonly Regex Guard = new(@"^IF (NOT EXISTS \(SELECT .*?\)|\w+\([^)]*\) IS NULL)\s+(?=CREATE|EXEC)", RegexOptions.Singleline);
    static readonly Regex Text = new(@"^EXEC \(N'(.*)'\)$", RegexOptions.Singleline);
    // Microsoft's reference has it for serverless pools; no grammar of ScriptDom's takes it.
    const string Unknown = "GRANT REFERENCES ON DATABASE SCOPED CREDENTIAL::";

    public static Check Check(Script[] files)
    {
        var model = new TSqlModel(SqlServerVersion.SqlServerless, new TSqlModelOptions { Collation = "Latin1_General_100_BIN2_UTF8" });
        var errors = new List<string>();
        var aside = 0;
        foreach (var file in files)
            foreach (var (batch, index) in file.Batches.Select((batch, index) => (batch, index)))
            {
                var statement = Regex.Replace(batch, @"(?m)^--.*$", "").Trim().TrimEnd(';');
                statement = Text.Replace(Guard.Replace(statement, ""), "$1").Replace("CREATE OR ALTER VIEW", "CREATE VIEW");
                if (statement.StartsWith(Unknown)) { aside++; continue; }
                try { model.AddOrUpdateObjects(statement, $"{file.Name}#{index}", new TSqlObjectOptions()); }
                catch (DacModelException error) { errors.Add($"{file.Name}: {error.Message} ({statement.Split('\n')[0]})"); }
            }
        errors.AddRange(model.Validate().Select(m => $"{m.MessageType} {m.Prefix}{m.Number}: {m.Message}"));
        var objects = model.GetObjects(DacQueryScopes.UserDefined).Count();
        return new Check("Synapse serverless model", [.. errors], $"{objects} objects, {aside} batch set aside");
    }
}
