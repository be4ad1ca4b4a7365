using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Clinic.Data.Migrations
{
    /// <inheritdoc />
    public partial class EngineRules : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<int>(
                name: "change_notice_minutes",
                schema: "clinic",
                table: "doctors",
                type: "integer",
                nullable: false,
                defaultValue: 0,
                comment: "Minutes before its start up to which a patient may move or cancel a visit.");

            migrationBuilder.AddColumn<Guid>(
                name: "change_id",
                schema: "clinic",
                table: "audit_trail",
                type: "uuid",
                nullable: true,
                comment: "UUIDv7 that names the change; null for seeded rows and for what went along with a change.");

            migrationBuilder.AddCheckConstraint(
                name: "ck_doctors_change_notice_minutes",
                schema: "clinic",
                table: "doctors",
                sql: "change_notice_minutes BETWEEN 0 AND 43200");

            migrationBuilder.CreateIndex(
                name: "ux_audit_trail_change_id",
                schema: "clinic",
                table: "audit_trail",
                column: "change_id",
                unique: true,
                filter: "change_id IS NOT NULL");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropCheckConstraint(
                name: "ck_doctors_change_notice_minutes",
                schema: "clinic",
                table: "doctors");

            migrationBuilder.DropIndex(
                name: "ux_audit_trail_change_id",
                schema: "clinic",
                table: "audit_trail");

            migrationBuilder.DropColumn(
                name: "change_notice_minutes",
                schema: "clinic",
                table: "doctors");

            migrationBuilder.DropColumn(
                name: "change_id",
                schema: "clinic",
                table: "audit_trail");
        }
    }
}
