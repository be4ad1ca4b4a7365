using System;
using Clinic.Core.Accounts;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Clinic.Data.Migrations
{
    /// <inheritdoc />
    public partial class Accounts : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "ux_treatments_doctor_id_name",
                schema: "clinic",
                table: "treatments");

            migrationBuilder.AlterDatabase()
                .Annotation("Npgsql:Enum:clinic.account_role", "admin,doctor,patient,staff")
                .Annotation("Npgsql:Enum:clinic.appointment_action", "book,cancel,check_in,complete,confirm,hold,move,no_show,undo_no_show")
                .Annotation("Npgsql:Enum:clinic.appointment_status", "cancelled,checked_in,completed,held,no_show,scheduled")
                .Annotation("Npgsql:Enum:clinic.exception_kind", "closed,open")
                .Annotation("Npgsql:Enum:clinic.message_kind", "booked,cancelled,moved,reminder")
                .Annotation("Npgsql:Enum:clinic.modality", "in_person,online")
                .Annotation("Npgsql:Enum:clinic.window_modality", "any,in_person,online")
                .OldAnnotation("Npgsql:Enum:clinic.appointment_action", "book,cancel,check_in,complete,confirm,hold,move,no_show,undo_no_show")
                .OldAnnotation("Npgsql:Enum:clinic.appointment_status", "cancelled,checked_in,completed,held,no_show,scheduled")
                .OldAnnotation("Npgsql:Enum:clinic.exception_kind", "closed,open")
                .OldAnnotation("Npgsql:Enum:clinic.message_kind", "booked,cancelled,moved,reminder")
                .OldAnnotation("Npgsql:Enum:clinic.modality", "in_person,online")
                .OldAnnotation("Npgsql:Enum:clinic.window_modality", "any,in_person,online");

            migrationBuilder.AlterColumn<string>(
                name: "name",
                schema: "clinic",
                table: "treatments",
                type: "character varying(200)",
                maxLength: 200,
                nullable: false,
                comment: "Unique among those that the doctor offers.",
                oldClrType: typeof(string),
                oldType: "character varying(200)",
                oldMaxLength: 200,
                oldComment: "Unique per doctor.");

            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "removed_at",
                schema: "clinic",
                table: "treatments",
                type: "timestamp with time zone",
                nullable: true,
                comment: "Set when it is no longer offered; null until then.");

            migrationBuilder.AlterColumn<string>(
                name: "full_name",
                schema: "clinic",
                table: "patients",
                type: "character varying(200)",
                maxLength: 200,
                nullable: true,
                comment: "As the patient writes it; null until they do.",
                oldClrType: typeof(string),
                oldType: "character varying(200)",
                oldMaxLength: 200,
                oldComment: "As the patient writes it.");

            migrationBuilder.AddColumn<string>(
                name: "search_text",
                schema: "clinic",
                table: "patients",
                type: "character varying(600)",
                maxLength: 600,
                nullable: false,
                defaultValue: "",
                comment: "Name, e-mail, document and phone without accents, in lower case.");

            // What SearchText.Fold does, for the records that there are.
            migrationBuilder.Sql(
                """
                UPDATE clinic.patients SET search_text =
                    lower(regexp_replace(normalize(concat_ws(' ', full_name, email, document_number, phone), NFD), U&'[\0300-\036F]', '', 'g'));
                """);

            migrationBuilder.CreateTable(
                name: "accounts",
                schema: "clinic",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false, comment: "UUIDv7, made by the client."),
                    email = table.Column<string>(type: "character varying(254)", maxLength: 254, nullable: false, comment: "In lower case; codes go there."),
                    role = table.Column<AccountRole>(type: "clinic.account_role", nullable: false, comment: "What the account may do."),
                    full_name = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: true, comment: "Of staff; others have their names in their own records."),
                    patient_id = table.Column<Guid>(type: "uuid", nullable: true, comment: "The own record of a patient."),
                    doctor_id = table.Column<Guid>(type: "uuid", nullable: true, comment: "The own record of a doctor."),
                    disabled_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true, comment: "Set while the account may not sign in."),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false, comment: "When the account was made.")
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_accounts", x => x.id);
                    table.CheckConstraint("ck_accounts_doctor", "(role = 'doctor') = (doctor_id IS NOT NULL)");
                    table.CheckConstraint("ck_accounts_patient", "(role = 'patient') = (patient_id IS NOT NULL)");
                    table.ForeignKey(
                        name: "fk_accounts_doctor",
                        column: x => x.doctor_id,
                        principalSchema: "clinic",
                        principalTable: "doctors",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "fk_accounts_patient",
                        column: x => x.patient_id,
                        principalSchema: "clinic",
                        principalTable: "patients",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                },
                comment: "Who can sign in, and as what.");

            migrationBuilder.CreateTable(
                name: "sign_in_codes",
                schema: "clinic",
                columns: table => new
                {
                    email = table.Column<string>(type: "character varying(254)", maxLength: 254, nullable: false, comment: "In lower case."),
                    code_hash = table.Column<byte[]>(type: "bytea", nullable: false, comment: "HMAC-SHA256 of address and code."),
                    expires_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false, comment: "When the code stops being good."),
                    tries = table.Column<int>(type: "integer", nullable: false, comment: "Tries of this code so far."),
                    sent = table.Column<int>(type: "integer", nullable: false, comment: "Codes sent to the address since sent_since."),
                    sent_since = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false, comment: "When counting began.")
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_sign_in_codes", x => x.email);
                },
                comment: "The latest one-time code of each address; gone once it is used.");

            migrationBuilder.CreateTable(
                name: "sign_in_sessions",
                schema: "clinic",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false, comment: "UUIDv7, made by the client."),
                    account_id = table.Column<Guid>(type: "uuid", nullable: false, comment: "Who signed in."),
                    token_hash = table.Column<byte[]>(type: "bytea", nullable: false, comment: "SHA-256 of the latest refresh token's secret."),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false, comment: "When the sign-in was."),
                    expires_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false, comment: "When the latest refresh token stops being good."),
                    ended_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true, comment: "Set by a sign-out, a token used twice, or a changed account.")
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_sign_in_sessions", x => x.id);
                    table.ForeignKey(
                        name: "fk_sign_in_sessions_account",
                        column: x => x.account_id,
                        principalSchema: "clinic",
                        principalTable: "accounts",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                },
                comment: "Sign-ins, each with the hash of its latest refresh token.");

            migrationBuilder.CreateIndex(
                name: "ux_treatments_doctor_id_name",
                schema: "clinic",
                table: "treatments",
                columns: new[] { "doctor_id", "name" },
                unique: true,
                filter: "removed_at IS NULL");

            migrationBuilder.CreateIndex(
                name: "ix_accounts_doctor_id",
                schema: "clinic",
                table: "accounts",
                column: "doctor_id");

            migrationBuilder.CreateIndex(
                name: "ux_accounts_email",
                schema: "clinic",
                table: "accounts",
                column: "email",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ux_accounts_patient_id",
                schema: "clinic",
                table: "accounts",
                column: "patient_id",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_sign_in_codes_expires_at",
                schema: "clinic",
                table: "sign_in_codes",
                column: "expires_at");

            migrationBuilder.CreateIndex(
                name: "ix_sign_in_sessions_account_id",
                schema: "clinic",
                table: "sign_in_sessions",
                column: "account_id");

            migrationBuilder.CreateIndex(
                name: "ix_sign_in_sessions_expires_at",
                schema: "clinic",
                table: "sign_in_sessions",
                column: "expires_at");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "sign_in_codes",
                schema: "clinic");

            migrationBuilder.DropTable(
                name: "sign_in_sessions",
                schema: "clinic");

            migrationBuilder.DropTable(
                name: "accounts",
                schema: "clinic");

            migrationBuilder.DropIndex(
                name: "ux_treatments_doctor_id_name",
                schema: "clinic",
                table: "treatments");

            migrationBuilder.DropColumn(
                name: "removed_at",
                schema: "clinic",
                table: "treatments");

            migrationBuilder.DropColumn(
                name: "search_text",
                schema: "clinic",
                table: "patients");

            migrationBuilder.AlterDatabase()
                .Annotation("Npgsql:Enum:clinic.appointment_action", "book,cancel,check_in,complete,confirm,hold,move,no_show,undo_no_show")
                .Annotation("Npgsql:Enum:clinic.appointment_status", "cancelled,checked_in,completed,held,no_show,scheduled")
                .Annotation("Npgsql:Enum:clinic.exception_kind", "closed,open")
                .Annotation("Npgsql:Enum:clinic.message_kind", "booked,cancelled,moved,reminder")
                .Annotation("Npgsql:Enum:clinic.modality", "in_person,online")
                .Annotation("Npgsql:Enum:clinic.window_modality", "any,in_person,online")
                .OldAnnotation("Npgsql:Enum:clinic.account_role", "admin,doctor,patient,staff")
                .OldAnnotation("Npgsql:Enum:clinic.appointment_action", "book,cancel,check_in,complete,confirm,hold,move,no_show,undo_no_show")
                .OldAnnotation("Npgsql:Enum:clinic.appointment_status", "cancelled,checked_in,completed,held,no_show,scheduled")
                .OldAnnotation("Npgsql:Enum:clinic.exception_kind", "closed,open")
                .OldAnnotation("Npgsql:Enum:clinic.message_kind", "booked,cancelled,moved,reminder")
                .OldAnnotation("Npgsql:Enum:clinic.modality", "in_person,online")
                .OldAnnotation("Npgsql:Enum:clinic.window_modality", "any,in_person,online");

            migrationBuilder.AlterColumn<string>(
                name: "name",
                schema: "clinic",
                table: "treatments",
                type: "character varying(200)",
                maxLength: 200,
                nullable: false,
                comment: "Unique per doctor.",
                oldClrType: typeof(string),
                oldType: "character varying(200)",
                oldMaxLength: 200,
                oldComment: "Unique among those that the doctor offers.");

            migrationBuilder.AlterColumn<string>(
                name: "full_name",
                schema: "clinic",
                table: "patients",
                type: "character varying(200)",
                maxLength: 200,
                nullable: false,
                defaultValue: "",
                comment: "As the patient writes it.",
                oldClrType: typeof(string),
                oldType: "character varying(200)",
                oldMaxLength: 200,
                oldNullable: true,
                oldComment: "As the patient writes it; null until they do.");

            migrationBuilder.CreateIndex(
                name: "ux_treatments_doctor_id_name",
                schema: "clinic",
                table: "treatments",
                columns: new[] { "doctor_id", "name" },
                unique: true);
        }
    }
}
