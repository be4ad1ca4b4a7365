using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;

namespace Clinic.Data;

/// <summary>Names columns, keys, foreign keys and indexes as Postgres folk write them: <c>starts_at</c>, <c>pk_doctors</c>.</summary>
internal static partial class SnakeCase
{
    public static void Apply(ModelBuilder model)
    {
        foreach (var entity in model.Model.GetEntityTypes())
        {
            var table = entity.GetTableName();
            foreach (var property in entity.GetProperties())
            {
                // A name that was given by hand stays, as that of the system column xmin.
                if (property.GetColumnName() == property.Name)
                {
                    property.SetColumnName(Of(property.Name));
                }
            }

            foreach (var key in entity.GetKeys())
            {
                key.SetName($"pk_{table}");
            }

            foreach (var foreignKey in entity.GetForeignKeys())
            {
                foreignKey.SetConstraintName($"fk_{table}_{Of(foreignKey.PrincipalEntityType.ClrType.Name)}");
            }

            foreach (var index in entity.GetIndexes())
            {
                var prefix = index.IsUnique ? "ux" : "ix";
                index.SetDatabaseName($"{prefix}_{table}_{string.Join('_', index.Properties.Select(p => p.GetColumnName()))}");
            }
        }
    }

    private static string Of(string name) => WordStart().Replace(name, "$1_$2").ToLowerInvariant();

    [GeneratedRegex("([a-z0-9])([A-Z])")]
    private static partial Regex WordStart();
}
