namespace Clinic.Api.Auth;

/// <summary>
/// Who may do what, for every endpoint by its name (R24). An endpoint that has no row here keeps the API from starting.
/// "Own" is a patient's own record and visits, and a doctor's own calendar, visits and the patients in it.
/// </summary>
internal static class AccessTable
{
    private static readonly Access Public = new(Reach.All, Reach.All, Reach.All, Reach.All, Reach.All);
    private static readonly Access SignedIn = new(Reach.None, Reach.Own, Reach.Own, Reach.Own, Reach.Own);
    private static readonly Access Patients = new(Reach.None, Reach.Own, Reach.None, Reach.All, Reach.All);
    private static readonly Access Doctors = new(Reach.None, Reach.None, Reach.Own, Reach.All, Reach.All);
    private static readonly Access Both = new(Reach.None, Reach.Own, Reach.Own, Reach.All, Reach.All);
    private static readonly Access FrontDesk = new(Reach.None, Reach.None, Reach.None, Reach.All, Reach.All);
    private static readonly Access Admins = new(Reach.None, Reach.None, Reach.None, Reach.None, Reach.All);

    public static readonly IReadOnlyDictionary<string, Access> Rows = new Dictionary<string, Access>
    {
        ["SendSignInCode"] = Public,
        ["SignIn"] = Public,
        ["RefreshTokens"] = Public,
        ["SignOut"] = Public,
        ["GetMe"] = SignedIn,
        ["UpdateMe"] = SignedIn,

        ["SearchDoctors"] = Public,
        ["GetSearchChoices"] = Public,
        ["GetDoctor"] = Public,
        ["GetDoctorSlots"] = Public,
        ["FindEarliestSlots"] = Public,

        ["CreateDoctor"] = FrontDesk,
        ["UpdateDoctor"] = FrontDesk,
        ["AddTreatment"] = FrontDesk,
        ["UpdateTreatment"] = FrontDesk,
        ["RemoveTreatment"] = FrontDesk,

        ["GetSchedule"] = Doctors,
        ["ExplainSlot"] = Doctors,
        ["ReplaceSchedule"] = FrontDesk,
        ["AddException"] = FrontDesk,
        ["RemoveException"] = FrontDesk,

        ["ListPatients"] = FrontDesk,
        ["RegisterPatient"] = FrontDesk,
        ["GetPatient"] = Both,
        ["UpdatePatient"] = FrontDesk,

        ["BookAppointment"] = Patients,
        ["ConfirmAppointment"] = Patients,
        ["MoveAppointment"] = Patients,
        ["CancelAppointment"] = Patients,
        ["ListAppointments"] = Both,
        ["GetAppointment"] = Both,
        ["GetAppointmentHistory"] = Both,
        ["CheckInAppointment"] = Doctors,
        ["CompleteAppointment"] = Doctors,
        ["MarkNoShow"] = Doctors,
        ["UndoNoShow"] = Doctors,

        ["ListAccounts"] = Admins,
        ["CreateAccount"] = Admins,
        ["UpdateAccount"] = Admins,
    };
}
