using Clinic.Api.Auth;

namespace Clinic.Api.Mail;

/// <summary>The message that carries a sign-in code. The code stands first in the subject, where a phone's notification shows it.</summary>
internal static class SignInMail
{
    public static MailMessage Of(string email, string code, DateTimeOffset now)
    {
        var minutes = $"{SignInCodes.Life.TotalMinutes:0}";
        return new MailMessage(
            email,
            $"{code} is your code for the clinic",
            $"""
            Your code is {code}

            Enter it on the page that asked for it. It is good for {minutes} minutes and for one sign-in.
            Nobody of the clinic will ever ask you for it. If you did not ask for a code you need not do anything.
            """,
            $"""
            <p>Your code is</p>
            <p style="font-size:2em;letter-spacing:.2em"><strong>{code}</strong></p>
            <p>Enter it on the page that asked for it. It is good for {minutes} minutes and for one sign-in.</p>
            <p>Nobody of the clinic will ever ask you for it. If you did not ask for a code you need not do anything.</p>
            """,
            now);
    }
}
