using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Clinic.Data.Migrations
{
    /// <summary>Two indexes that every booking paid for and that next to nobody read.</summary>
    public partial class FewerIndexes : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "ix_idempotency_keys_created_at",
                schema: "clinic",
                table: "idempotency_keys");

            migrationBuilder.DropIndex(
                name: "ix_appointments_treatment_id",
                schema: "clinic",
                table: "appointments");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateIndex(
                name: "ix_idempotency_keys_created_at",
                schema: "clinic",
                table: "idempotency_keys",
                column: "created_at");

            migrationBuilder.CreateIndex(
                name: "ix_appointments_treatment_id",
                schema: "clinic",
                table: "appointments",
                column: "treatment_id");
        }
    }
}
