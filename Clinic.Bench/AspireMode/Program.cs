// Containers do not show the CPU time of what runs in them.
Console.Error.WriteLine("Clinic.Bench measures local processes, which ClinicHosting=Aspire does not start. Run it without that setting.");
return 1;
