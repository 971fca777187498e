using Microsoft.SqlServer.TransactSql.ScriptDom;

/// <summary>
/// What the files make, as CREATE statements: a table is changed by the ALTERs that follow it, a dropped or replaced
/// object is gone. DacFx takes no ALTER, so it is given this.
/// </summary>
class Database(TSqlParser parser)
{
    public record Made(string? Key, TSqlStatement Node, string Origin);

    readonly Sql170ScriptGenerator generator = new(new SqlScriptGeneratorOptions
    {
        SqlEngineType = SqlEngineType.SqlAzure,
        SqlVersion = SqlVersion.Sql170,
    });
    readonly HashSet<string> altered = [];
    public List<Made> Objects { get; } = [];
    public List<string> Errors { get; } = [];

    public void Apply(Script file)
    {
        foreach (var batch in file.Batches)
            foreach (var statement in Statements(batch, file.Name)) Take(statement, file.Name);
    }

    public string Text(Made made)
    {
        if (made.Key is { } key && altered.Contains(key))
        {
            generator.GenerateScript(made.Node, out var script);
            return script;
        }
        return Text(made.Node).TrimEnd().TrimEnd(';');
    }

    static string Text(TSqlFragment node) => string.Concat(
        node.ScriptTokenStream.Skip(node.FirstTokenIndex).Take(node.LastTokenIndex - node.FirstTokenIndex + 1).Select(t => t.Text));

    IEnumerable<TSqlStatement> Statements(string text, string origin)
    {
        var tree = parser.Parse(new StringReader(text), out var errors);
        Errors.AddRange(errors.Select(e => $"{origin}: {e.Message}"));
        return tree is TSqlScript script ? script.Batches.SelectMany(b => b.Statements) : [];
    }

    static string Name(SchemaObjectName name) =>
        $"{name.SchemaIdentifier?.Value ?? "dbo"}.{name.BaseIdentifier.Value}".ToLowerInvariant();

    void Put(string? key, TSqlStatement node, string origin)
    {
        if (key is not null) Objects.RemoveAll(o => o.Key == key);
        Objects.Add(new Made(key, node, origin));
    }

    void Take(TSqlStatement statement, string origin)
    {
        switch (statement)
        {
            case BeginEndBlockStatement block:
                foreach (var one in block.StatementList.Statements) Take(one, origin);
                return;
            // Both branches are made, the first last: it is the one of SQL Server.
            case IfStatement choice:
                if (choice.ElseStatement is { } otherwise) Take(otherwise, origin);
                Take(choice.ThenStatement, origin);
                return;
            case ExecuteStatement { ExecuteSpecification.ExecutableEntity: ExecutableStringList list }:
                var text = string.Concat(list.Strings.OfType<StringLiteral>().Select(s => s.Value));
                foreach (var one in Statements(text, origin)) Take(one, origin);
                return;
            case CreateTableStatement table: Put("table " + Name(table.SchemaObjectName), table, origin); return;
            case CreateViewStatement view: Put("view " + Name(view.SchemaObjectName), view, origin); return;
            case AlterTableStatement change: Alter(change, origin); return;
            // A statement that does something is checked inside a procedure.
            case InsertStatement or UpdateStatement or DeleteStatement or SelectStatement:
                Put(null, Statements($"CREATE PROCEDURE dbo.statement_{Objects.Count} AS\n{Text(statement)}", origin).Single(), origin);
                return;
            default: Put(null, statement, origin); return;
        }
    }

    void Alter(AlterTableStatement change, string origin)
    {
        var key = "table " + Name(change.SchemaObjectName);
        if (Objects.Find(o => o.Key == key)?.Node is not CreateTableStatement table)
        {
            Errors.Add($"{origin}: there is no {key}");
            return;
        }
        altered.Add(key);
        var definition = table.Definition;
        switch (change)
        {
            case AlterTableAddTableElementStatement add:
                foreach (var column in add.Definition.ColumnDefinitions) definition.ColumnDefinitions.Add(column);
                foreach (var constraint in add.Definition.TableConstraints) definition.TableConstraints.Add(constraint);
                definition.SystemTimePeriod ??= add.Definition.SystemTimePeriod;
                return;
            case AlterTableDropTableElementStatement drop:
                foreach (var name in drop.AlterTableDropTableElements.Select(e => e.Name.Value))
                    if (!Drop(definition, name)) Errors.Add($"{origin}: {key} has no constraint {name}");
                return;
            case AlterTableSetStatement set:
                foreach (var option in set.Options) table.Options.Add(option);
                return;
            case AlterTableAlterColumnStatement { AlterTableAlterColumnOption: AlterTableAlterColumnOption.AddMaskingFunction } mask:
                var masked = definition.ColumnDefinitions.FirstOrDefault(c => Same(c.ColumnIdentifier, mask.ColumnIdentifier.Value));
                if (masked is null) Errors.Add($"{origin}: {key} has no column {mask.ColumnIdentifier.Value}");
                else (masked.IsMasked, masked.MaskingFunction) = (true, mask.MaskingFunction);
                return;
            default: Errors.Add($"{origin}: this check does not know {change.GetType().Name}; teach it"); return;
        }
    }

    static bool Same(Identifier? identifier, string name) => string.Equals(identifier?.Value, name, StringComparison.OrdinalIgnoreCase);

    static bool Drop(TableDefinition table, string name) =>
        new[] { table.TableConstraints }.Concat(table.ColumnDefinitions.Select(c => c.Constraints))
            .Any(list => list.FirstOrDefault(c => Same(c.ConstraintIdentifier, name)) is { } found && list.Remove(found));
}
