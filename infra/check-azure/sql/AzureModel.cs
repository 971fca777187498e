using System.Text.RegularExpressions;
using Microsoft.SqlServer.Dac;
using Microsoft.SqlServer.Dac.Model;

record Column(string Name, string Type, bool HasDefault);

/// <summary>A DacFx model for Azure SQL of what the files make, validated: every name is resolved, every type is known.</summary>
class AzureModel(Database database, string collation)
{
    // DacFx has the server's catalogue only from a master.dacpac. This is what of it the files use.
    const string Catalogue = "Latin1_General_CI_AS_KS_WS";
    static readonly string[] System =
    [
        "CREATE SCHEMA catalogue",
        $"CREATE TABLE catalogue.database_principals (name sysname NOT NULL, principal_id int NOT NULL, type char(1) COLLATE {Catalogue} NOT NULL, is_fixed_role bit NOT NULL)",
        $"CREATE TABLE catalogue.database_permissions (class tinyint NOT NULL, major_id int NOT NULL, minor_id int NOT NULL, grantee_principal_id int NOT NULL, permission_name nvarchar(128) COLLATE {Catalogue} NULL, state char(1) COLLATE {Catalogue} NOT NULL)",
        $"CREATE TABLE catalogue.objects (name sysname NOT NULL, object_id int NOT NULL, schema_id int NOT NULL, type char(2) COLLATE {Catalogue} NULL, is_ms_shipped bit NULL)",
        "CREATE TABLE catalogue.database_role_members (role_principal_id int NOT NULL, member_principal_id int NOT NULL)",
        "CREATE TABLE catalogue.schemas (name sysname NOT NULL, schema_id int NOT NULL)",
        "CREATE PROCEDURE catalogue.sp_getapplock @Resource nvarchar(255), @LockMode varchar(32), @LockOwner varchar(32), @LockTimeout int AS RETURN 0",
        "CREATE PROCEDURE catalogue.sp_executesql @stmt nvarchar(max) AS RETURN 0",
    ];

    readonly TSqlModel model = new(SqlServerVersion.SqlAzure, new TSqlModelOptions
    {
        Collation = collation,
        AnsiNullsOn = true,
        QuotedIdentifierOn = true,
        AnsiPaddingOn = true,
        AnsiWarningsOn = true,
        ArithAbortOn = true,
        ConcatNullYieldsNull = true,
        NumericRoundAbortOn = false,
    });

    public Check Check()
    {
        var errors = new List<string>(database.Errors);
        foreach (var script in System) model.AddObjects(script);
        foreach (var (made, index) in database.Objects.Select((made, index) => (made, index)))
        {
            var script = Regex.Replace(database.Text(made), @"\bsys\.(?=(database_\w+|objects|schemas|sp_getapplock|sp_executesql)\b)", "catalogue.");
            try { model.AddOrUpdateObjects(script, $"{index}.sql", new TSqlObjectOptions { AnsiNulls = true, QuotedIdentifier = true }); }
            catch (DacModelException error) { errors.Add($"{made.Origin}: {error.Message} ({script.Split('\n')[0]})"); }
        }
        errors.AddRange(model.Validate().Select(m => $"{m.MessageType} {m.Prefix}{m.Number}: {m.Message}"));
        return new Check("Azure SQL model", [.. errors], $"{database.Objects.Count} objects");
    }

    public Dictionary<string, Column[]> Views() => Described(View.TypeClass, View.Columns, (column) => new Column(
        column.Name.Parts[^1], TypeOf(column.GetReferenced(Microsoft.SqlServer.Dac.Model.Column.DataType)), false));

    public Dictionary<string, Column[]> Procedures() => Described(Procedure.TypeClass, Procedure.Parameters, (parameter) => new Column(
        parameter.Name.Parts[^1].TrimStart('@'), TypeOf(parameter.GetReferenced(Parameter.DataType)),
        !string.IsNullOrEmpty(parameter.GetProperty(Parameter.DefaultExpression)?.ToString())));

    public object Snapshot() => new Snapshot(model).Read();

    static string TypeOf(IEnumerable<TSqlObject> types) => types.FirstOrDefault()?.Name.Parts[^1] ?? "unknown";

    Dictionary<string, Column[]> Described(ModelTypeClass kind, ModelRelationshipClass members, Func<TSqlObject, Column> describe) =>
        model.GetObjects(DacQueryScopes.UserDefined, kind).ToDictionary(
            one => string.Join('.', one.Name.Parts),
            one => one.GetReferenced(members).Select(describe).ToArray());
}
