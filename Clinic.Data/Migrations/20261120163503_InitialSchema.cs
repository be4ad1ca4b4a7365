using System;
using Clinic.Core.Appointments;
using Clinic.Core.Scheduling;
using Clinic.Data.Messages;
using Microsoft.EntityFrameworkCore.Migrations;
using Npgsql.EntityFrameworkCore.PostgreSQL.Metadata;

#nullable disable

namespace Clinic.Data.Migrations
{
    /// <inheritdoc />
    public partial class InitialSchema : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.EnsureSchema(
                name: "clinic");

            migrationBuilder.AlterDatabase()
                .Annotation("Npgsql:Enum:clinic.appointment_action", "book,cancel,check_in,complete,confirm,hold,move,no_show,undo_no_show")
                .Annotation("Npgsql:Enum:clinic.appointment_status", "cancelled,checked_in,completed,held,no_show,scheduled")
                .Annotation("Npgsql:Enum:clinic.exception_kind", "closed,open")
                .Annotation("Npgsql:Enum:clinic.message_kind", "booked,cancelled,moved,reminder")
                .Annotation("Npgsql:Enum:clinic.modality", "in_person,online")
                .Annotation("Npgsql:Enum:clinic.window_modality", "any,in_person,online");

            migrationBuilder.CreateTable(
                name: "doctors",
                schema: "clinic",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false, comment: "UUIDv7, made by the client."),
                    full_name = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: false, comment: "As it is shown, title included."),
                    specialty = table.Column<string>(type: "character varying(100)", maxLength: 100, nullable: false, comment: "One per doctor, as Cardiology."),
                    city = table.Column<string>(type: "character varying(100)", maxLength: 100, nullable: false, comment: "Where in-person visits take place."),
                    about = table.Column<string>(type: "character varying(2000)", maxLength: 2000, nullable: true, comment: "What patients read before they choose."),
                    time_zone = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false, comment: "IANA zone of weekly hours and exceptions."),
                    slot_minutes = table.Column<int>(type: "integer", nullable: false, comment: "Minutes between two possible starts, counted from a window's start."),
                    buffer_minutes = table.Column<int>(type: "integer", nullable: false, comment: "Minutes kept free between two visits."),
                    min_notice_minutes = table.Column<int>(type: "integer", nullable: false, comment: "Minutes between booking and start, at least."),
                    horizon_days = table.Column<int>(type: "integer", nullable: false, comment: "Days after today that can be booked."),
                    search_text = table.Column<string>(type: "character varying(400)", maxLength: 400, nullable: false, comment: "Name and specialty without accents, in lower case."),
                    specialty_key = table.Column<string>(type: "character varying(100)", maxLength: 100, nullable: false, comment: "Specialty without accents, in lower case."),
                    city_key = table.Column<string>(type: "character varying(100)", maxLength: 100, nullable: false, comment: "City without accents, in lower case."),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false, comment: "When the record was made.")
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_doctors", x => x.id);
                    table.CheckConstraint("ck_doctors_buffer_minutes", "buffer_minutes BETWEEN 0 AND 240");
                    table.CheckConstraint("ck_doctors_horizon_days", "horizon_days BETWEEN 1 AND 730");
                    table.CheckConstraint("ck_doctors_min_notice_minutes", "min_notice_minutes BETWEEN 0 AND 43200");
                    table.CheckConstraint("ck_doctors_slot_minutes", "slot_minutes BETWEEN 5 AND 240");
                },
                comment: "Who receives patients, and by which booking rules.");

            migrationBuilder.CreateTable(
                name: "idempotency_keys",
                schema: "clinic",
                columns: table => new
                {
                    caller = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: false, comment: "Whose key it is."),
                    key = table.Column<string>(type: "character varying(255)", maxLength: 255, nullable: false, comment: "As the client sent it."),
                    request_hash = table.Column<byte[]>(type: "bytea", nullable: false, comment: "SHA-256 of method, path with query, and body."),
                    status_code = table.Column<int>(type: "integer", nullable: false, comment: "HTTP status of the answer."),
                    body = table.Column<string>(type: "text", nullable: false, comment: "Body of the answer, to the byte."),
                    location = table.Column<string>(type: "character varying(500)", maxLength: 500, nullable: true, comment: "Location header of the answer."),
                    etag = table.Column<string>(type: "character varying(100)", maxLength: 100, nullable: true, comment: "ETag header of the answer."),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false, comment: "When it was written.")
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_idempotency_keys", x => new { x.caller, x.key });
                },
                comment: "Answers to requests with an Idempotency-Key, for their replay.");

            migrationBuilder.CreateTable(
                name: "patients",
                schema: "clinic",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false, comment: "UUIDv7, made by the client."),
                    full_name = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: false, comment: "As the patient writes it."),
                    document_number = table.Column<string>(type: "character varying(20)", maxLength: 20, nullable: true, comment: "National identity number, as the DNI; unique where known."),
                    email = table.Column<string>(type: "character varying(254)", maxLength: 254, nullable: true, comment: "In lower case; families share one."),
                    phone = table.Column<string>(type: "character varying(32)", maxLength: 32, nullable: true, comment: "As the patient writes it."),
                    time_zone = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: true, comment: "IANA zone in which the patient reads times."),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false, comment: "When the record was made.")
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_patients", x => x.id);
                },
                comment: "People who visit.");

            migrationBuilder.CreateTable(
                name: "seed_history",
                schema: "clinic",
                columns: table => new
                {
                    step = table.Column<string>(type: "character varying(100)", maxLength: 100, nullable: false, comment: "Name of the step."),
                    done_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false, comment: "When."),
                    summary = table.Column<string>(type: "character varying(1000)", maxLength: 1000, nullable: false, comment: "What it made, with counts.")
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_seed_history", x => x.step);
                },
                comment: "Steps of seeding that were done.");

            migrationBuilder.CreateTable(
                name: "schedule_exceptions",
                schema: "clinic",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false, comment: "UUIDv7, made by the client."),
                    doctor_id = table.Column<Guid>(type: "uuid", nullable: false, comment: "Whose calendar it changes."),
                    starts_at = table.Column<DateTime>(type: "timestamp without time zone", nullable: false, comment: "Wall time in the doctor's zone."),
                    ends_at = table.Column<DateTime>(type: "timestamp without time zone", nullable: false, comment: "Wall time in the doctor's zone, exclusive."),
                    kind = table.Column<ExceptionKind>(type: "clinic.exception_kind", nullable: false, comment: "closed takes time away, open adds some."),
                    modality = table.Column<WindowModality>(type: "clinic.window_modality", nullable: false, comment: "Which visits it concerns."),
                    reason = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: true, comment: "For staff; patients never see it.")
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_schedule_exceptions", x => x.id);
                    table.CheckConstraint("ck_schedule_exceptions_order", "starts_at < ends_at");
                    table.ForeignKey(
                        name: "fk_schedule_exceptions_doctor",
                        column: x => x.doctor_id,
                        principalSchema: "clinic",
                        principalTable: "doctors",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                },
                comment: "Dated changes to the weekly hours; a closure wins over extra hours.");

            migrationBuilder.CreateTable(
                name: "treatments",
                schema: "clinic",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false, comment: "UUIDv7, made by the client."),
                    doctor_id = table.Column<Guid>(type: "uuid", nullable: false, comment: "Whose treatment it is."),
                    name = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: false, comment: "Unique per doctor."),
                    price = table.Column<decimal>(type: "numeric(10,2)", nullable: false, comment: "In whole units of the currency."),
                    currency = table.Column<string>(type: "character varying(3)", maxLength: 3, nullable: false, comment: "ISO 4217 code, as PEN."),
                    duration_minutes = table.Column<int>(type: "integer", nullable: false, comment: "Length of a visit in minutes."),
                    in_person = table.Column<bool>(type: "boolean", nullable: false, comment: "Given in person."),
                    online = table.Column<bool>(type: "boolean", nullable: false, comment: "Given online.")
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_treatments", x => x.id);
                    table.CheckConstraint("ck_treatments_currency", "currency ~ '^[A-Z]{3}$'");
                    table.CheckConstraint("ck_treatments_duration_minutes", "duration_minutes BETWEEN 5 AND 480");
                    table.CheckConstraint("ck_treatments_modalities", "in_person OR online");
                    table.CheckConstraint("ck_treatments_price", "price >= 0");
                    table.ForeignKey(
                        name: "fk_treatments_doctor",
                        column: x => x.doctor_id,
                        principalSchema: "clinic",
                        principalTable: "doctors",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                },
                comment: "What a doctor offers, by price and length.");

            migrationBuilder.CreateTable(
                name: "weekly_windows",
                schema: "clinic",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false, comment: "UUIDv7, made by the client."),
                    doctor_id = table.Column<Guid>(type: "uuid", nullable: false, comment: "Whose hours these are."),
                    day_of_week = table.Column<short>(type: "smallint", nullable: false, comment: "0 is Sunday, 6 Saturday: the day on which the window starts."),
                    starts_at = table.Column<TimeOnly>(type: "time without time zone", nullable: false, comment: "Wall time."),
                    ends_at = table.Column<TimeOnly>(type: "time without time zone", nullable: false, comment: "Wall time; when not after the start, on the following day."),
                    modality = table.Column<WindowModality>(type: "clinic.window_modality", nullable: false, comment: "What the window is open for.")
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_weekly_windows", x => x.id);
                    table.CheckConstraint("ck_weekly_windows_day_of_week", "day_of_week BETWEEN 0 AND 6");
                    table.ForeignKey(
                        name: "fk_weekly_windows_doctor",
                        column: x => x.doctor_id,
                        principalSchema: "clinic",
                        principalTable: "doctors",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                },
                comment: "Hours that recur every week, as wall time in the doctor's zone.");

            migrationBuilder.CreateTable(
                name: "appointments",
                schema: "clinic",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false, comment: "UUIDv7, made by the client."),
                    doctor_id = table.Column<Guid>(type: "uuid", nullable: false, comment: "Who receives."),
                    patient_id = table.Column<Guid>(type: "uuid", nullable: false, comment: "Who visits."),
                    treatment_id = table.Column<Guid>(type: "uuid", nullable: false, comment: "What for."),
                    starts_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false, comment: "Start."),
                    ends_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false, comment: "End, exclusive; stays when the treatment's length changes."),
                    modality = table.Column<Modality>(type: "clinic.modality", nullable: false, comment: "How the visit takes place."),
                    status = table.Column<AppointmentStatus>(type: "clinic.appointment_status", nullable: false, comment: "All but cancelled and no_show take up the doctor's and the patient's time."),
                    reason = table.Column<string>(type: "character varying(500)", maxLength: 500, nullable: true, comment: "What the patient comes for, in their words."),
                    hold_expires_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true, comment: "When a hold lapses; null for all other states."),
                    sequence = table.Column<int>(type: "integer", nullable: false, comment: "Counts the changes that the patient hears of."),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false, comment: "When the visit was booked."),
                    xmin = table.Column<uint>(type: "xid", rowVersion: true, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_appointments", x => x.id);
                    table.CheckConstraint("ck_appointments_hold", "(status = 'held') = (hold_expires_at IS NOT NULL)");
                    table.CheckConstraint("ck_appointments_length", "ends_at <= starts_at + interval '480 minutes'");
                    table.CheckConstraint("ck_appointments_order", "starts_at < ends_at");
                    table.ForeignKey(
                        name: "fk_appointments_doctor",
                        column: x => x.doctor_id,
                        principalSchema: "clinic",
                        principalTable: "doctors",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "fk_appointments_patient",
                        column: x => x.patient_id,
                        principalSchema: "clinic",
                        principalTable: "patients",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "fk_appointments_treatment",
                        column: x => x.treatment_id,
                        principalSchema: "clinic",
                        principalTable: "treatments",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                },
                comment: "Visits. Cancelled, never deleted.");

            migrationBuilder.CreateTable(
                name: "audit_trail",
                schema: "clinic",
                columns: table => new
                {
                    id = table.Column<long>(type: "bigint", nullable: false, comment: "Order of writing.")
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityAlwaysColumn),
                    appointment_id = table.Column<Guid>(type: "uuid", nullable: false, comment: "The visit that changed."),
                    at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false, comment: "When."),
                    actor = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: false, comment: "Who: an account, or the part of the system that did it."),
                    action = table.Column<AppointmentAction>(type: "clinic.appointment_action", nullable: false, comment: "What was done."),
                    from_status = table.Column<AppointmentStatus>(type: "clinic.appointment_status", nullable: true, comment: "State before; null for a new visit."),
                    to_status = table.Column<AppointmentStatus>(type: "clinic.appointment_status", nullable: false, comment: "State after."),
                    details = table.Column<string>(type: "jsonb", nullable: true, comment: "What else changed.")
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_audit_trail", x => x.id);
                    table.ForeignKey(
                        name: "fk_audit_trail_appointment",
                        column: x => x.appointment_id,
                        principalSchema: "clinic",
                        principalTable: "appointments",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                },
                comment: "Every change of every visit. Append-only: triggers refuse UPDATE, DELETE and TRUNCATE.");

            migrationBuilder.CreateTable(
                name: "outbox",
                schema: "clinic",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false, comment: "UUIDv7, made by the client."),
                    appointment_id = table.Column<Guid>(type: "uuid", nullable: false, comment: "The visit."),
                    kind = table.Column<MessageKind>(type: "clinic.message_kind", nullable: false, comment: "What the message tells."),
                    sequence = table.Column<int>(type: "integer", nullable: false, comment: "The visit's sequence at the time of the change."),
                    due_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false, comment: "Not to be sent before."),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false, comment: "When it was written."),
                    attempts = table.Column<int>(type: "integer", nullable: false, comment: "Tries to send it so far."),
                    sent_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true, comment: "When it was sent; null until then."),
                    parked_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true, comment: "When sending was given up; null as a rule."),
                    last_error = table.Column<string>(type: "character varying(1000)", maxLength: 1000, nullable: true, comment: "Why the last try failed.")
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_outbox", x => x.id);
                    table.ForeignKey(
                        name: "fk_outbox_appointment",
                        column: x => x.appointment_id,
                        principalSchema: "clinic",
                        principalTable: "appointments",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                },
                comment: "Messages to send, written with the change that they tell of.");

            migrationBuilder.CreateIndex(
                name: "ix_appointments_doctor_id_starts_at",
                schema: "clinic",
                table: "appointments",
                columns: new[] { "doctor_id", "starts_at" });

            migrationBuilder.CreateIndex(
                name: "ix_appointments_patient_id_starts_at",
                schema: "clinic",
                table: "appointments",
                columns: new[] { "patient_id", "starts_at" });

            migrationBuilder.CreateIndex(
                name: "ix_appointments_starts_at",
                schema: "clinic",
                table: "appointments",
                column: "starts_at");

            migrationBuilder.CreateIndex(
                name: "ix_appointments_treatment_id",
                schema: "clinic",
                table: "appointments",
                column: "treatment_id");

            migrationBuilder.CreateIndex(
                name: "ix_audit_trail_appointment_id_id",
                schema: "clinic",
                table: "audit_trail",
                columns: new[] { "appointment_id", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_doctors_specialty_key_city_key",
                schema: "clinic",
                table: "doctors",
                columns: new[] { "specialty_key", "city_key" });

            migrationBuilder.CreateIndex(
                name: "ix_idempotency_keys_created_at",
                schema: "clinic",
                table: "idempotency_keys",
                column: "created_at");

            migrationBuilder.CreateIndex(
                name: "ix_outbox_due_at",
                schema: "clinic",
                table: "outbox",
                column: "due_at",
                filter: "sent_at IS NULL AND parked_at IS NULL");

            migrationBuilder.CreateIndex(
                name: "ux_outbox_appointment_id_kind_sequence",
                schema: "clinic",
                table: "outbox",
                columns: new[] { "appointment_id", "kind", "sequence" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_patients_email",
                schema: "clinic",
                table: "patients",
                column: "email");

            migrationBuilder.CreateIndex(
                name: "ux_patients_document_number",
                schema: "clinic",
                table: "patients",
                column: "document_number",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_schedule_exceptions_doctor_id_ends_at",
                schema: "clinic",
                table: "schedule_exceptions",
                columns: new[] { "doctor_id", "ends_at" });

            migrationBuilder.CreateIndex(
                name: "ux_treatments_doctor_id_name",
                schema: "clinic",
                table: "treatments",
                columns: new[] { "doctor_id", "name" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_weekly_windows_doctor_id",
                schema: "clinic",
                table: "weekly_windows",
                column: "doctor_id");

            AddRules(migrationBuilder);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            DropRules(migrationBuilder);

            migrationBuilder.DropTable(
                name: "audit_trail",
                schema: "clinic");

            migrationBuilder.DropTable(
                name: "idempotency_keys",
                schema: "clinic");

            migrationBuilder.DropTable(
                name: "outbox",
                schema: "clinic");

            migrationBuilder.DropTable(
                name: "schedule_exceptions",
                schema: "clinic");

            migrationBuilder.DropTable(
                name: "seed_history",
                schema: "clinic");

            migrationBuilder.DropTable(
                name: "weekly_windows",
                schema: "clinic");

            migrationBuilder.DropTable(
                name: "appointments",
                schema: "clinic");

            migrationBuilder.DropTable(
                name: "patients",
                schema: "clinic");

            migrationBuilder.DropTable(
                name: "treatments",
                schema: "clinic");

            migrationBuilder.DropTable(
                name: "doctors",
                schema: "clinic");
        }
    }
}
