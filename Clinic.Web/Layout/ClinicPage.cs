using Microsoft.AspNetCore.Components;

namespace Clinic.Web.Layout;

/// <summary>
/// A page that is rendered once what it shows has been loaded. Blazor would otherwise render it before, too, for
/// interactive pages to have something on screen meanwhile; here nobody would see that.
/// </summary>
public abstract class ClinicPage : ComponentBase
{
    [CascadingParameter]
    public required HttpContext Context { get; set; }

    protected bool IsPost => HttpMethods.IsPost(Context.Request.Method);

    /// <summary>The visitor has gone away.</summary>
    protected CancellationToken Gone => Context.RequestAborted;

    public override async Task SetParametersAsync(ParameterView parameters)
    {
        parameters.SetParameterProperties(this);
        await Load();
        await base.SetParametersAsync(ParameterView.Empty);
    }

    /// <summary>Finds out what the page shows; all its parameters are set.</summary>
    protected abstract Task Load();
}
