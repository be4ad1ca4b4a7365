using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Clinic.Data.Migrations
{
    /// <summary>Patients' holds have an index of their own, so that a booking need not read all visits of its patient to count them.</summary>
    public partial class HeldVisits : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateIndex(
                name: "ix_appointments_patient_id",
                schema: "clinic",
                table: "appointments",
                column: "patient_id",
                filter: "status = 'held'");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "ix_appointments_patient_id",
                schema: "clinic",
                table: "appointments");
        }
    }
}
