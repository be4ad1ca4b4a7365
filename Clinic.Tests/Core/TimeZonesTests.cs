using Clinic.Core.Scheduling;

namespace Clinic.Tests.Core;

/// <summary>R16: only IANA names are time zones.</summary>
public sealed class TimeZonesTests
{
    [Theory]
    [InlineData("America/Lima")]
    [InlineData("America/Argentina/Buenos_Aires")]
    [InlineData("Etc/GMT+5")]
    [InlineData("UTC")]
    public void An_IANA_name_is_a_time_zone(string name) => Assert.True(TimeZones.TryFind(name, out _));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(" America/Lima")]
    [InlineData("America/Lima\n")]
    [InlineData("Mars/Olympus_Mons")]
    [InlineData("SA Pacific Standard Time")]
    [InlineData("../../etc/passwd")]
    [InlineData("posix/America/Lima")]
    [InlineData("localtime")]
    [InlineData("-05:00")]
    public void R16_anything_else_is_not(string? name) => Assert.False(TimeZones.TryFind(name, out _));
}
