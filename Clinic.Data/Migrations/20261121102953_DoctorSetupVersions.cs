using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Clinic.Data.Migrations
{
    /// <summary>
    /// A doctor's setup (record, rules, treatments, hours, exceptions) has a version that changes with it, whoever changes
    /// it, psql included: the API keeps setups in memory and asks only for their versions.
    /// </summary>
    public partial class DoctorSetupVersions : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            // Random and not counted, so that one which was rolled back or restored never stands for something else.
            migrationBuilder.Sql(
                """
                ALTER TABLE clinic.doctors ADD COLUMN setup_version uuid NOT NULL DEFAULT gen_random_uuid();
                COMMENT ON COLUMN clinic.doctors.setup_version IS
                    'New with every change of this row, of the doctor''s treatments, weekly windows or exceptions.';

                CREATE FUNCTION clinic.renew_setup_version() RETURNS trigger LANGUAGE plpgsql AS $$
                BEGIN
                    NEW.setup_version := gen_random_uuid();
                    RETURN NEW;
                END $$;
                COMMENT ON FUNCTION clinic.renew_setup_version() IS 'Gives a doctor''s row a new setup_version.';
                CREATE TRIGGER tr_doctors_setup_version BEFORE UPDATE ON clinic.doctors
                    FOR EACH ROW EXECUTE FUNCTION clinic.renew_setup_version();
                """);

            // A row that this transaction wrote has a version that nobody has seen yet: one is enough for all of a change.
            migrationBuilder.Sql(
                """
                CREATE FUNCTION clinic.touch_doctor() RETURNS trigger LANGUAGE plpgsql AS $$
                BEGIN
                    IF TG_OP = 'TRUNCATE' THEN
                        UPDATE clinic.doctors SET setup_version = DEFAULT;
                    ELSE
                        UPDATE clinic.doctors SET setup_version = DEFAULT
                        WHERE id IN (OLD.doctor_id, NEW.doctor_id) AND xmin <> pg_current_xact_id()::xid;
                    END IF;
                    RETURN NULL;
                END $$;
                COMMENT ON FUNCTION clinic.touch_doctor() IS 'Renews the setup_version of the doctor to whom the changed row belongs.';
                """);
            foreach (var table in new[] { "treatments", "weekly_windows", "schedule_exceptions" })
            {
                migrationBuilder.Sql(
                    $"""
                    CREATE TRIGGER tr_{table}_setup_version AFTER INSERT OR UPDATE OR DELETE ON clinic.{table}
                        FOR EACH ROW EXECUTE FUNCTION clinic.touch_doctor();
                    CREATE TRIGGER tr_{table}_emptied AFTER TRUNCATE ON clinic.{table}
                        FOR EACH STATEMENT EXECUTE FUNCTION clinic.touch_doctor();
                    """);
            }
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder) => migrationBuilder.Sql(
            """
            DROP FUNCTION clinic.touch_doctor() CASCADE;
            DROP FUNCTION clinic.renew_setup_version() CASCADE;
            ALTER TABLE clinic.doctors DROP COLUMN setup_version;
            """);
    }
}
