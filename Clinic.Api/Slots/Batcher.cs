namespace Clinic.Api.Slots;

/// <summary>
/// Puts questions together that are asked at the same time: what is asked while a batch is under way goes with the next one.
/// Who asks alone waits for nobody. A question is sent after it was asked, so no answer is older than its question.
/// </summary>
/// <param name="maxUnderWay">How many batches may be under way at a time.</param>
/// <param name="ask">
/// Answers the questions of a batch, in their order. It runs in the context of who asked first, so that its spans belong to
/// that request. What it throws is thrown to all who asked.
/// </param>
internal sealed class Batcher<TQuestion, TAnswer>(int maxUnderWay, Func<IReadOnlyList<TQuestion>, Task<IReadOnlyList<TAnswer>>> ask)
{
    private readonly Lock _gate = new();

    /// <summary>Invariant: while it is there, there is a sender that will take it.</summary>
    private Batch? _next;

    private int _senders;

    public async Task<TAnswer> AskAsync(TQuestion question)
    {
        Batch batch;
        int place;
        bool needsSender;
        lock (_gate)
        {
            batch = _next ??= new Batch();
            place = batch.Questions.Count;
            batch.Questions.Add(question);
            needsSender = place == 0 && _senders < maxUnderWay;
            if (needsSender)
            {
                _senders++;
            }
        }

        if (needsSender)
        {
            // It goes on to serve others, so it takes nothing of this request along.
            using (ExecutionContext.SuppressFlow())
            {
                _ = SendAsync();
            }
        }

        return (await batch.Answers)[place];
    }

    /// <summary>Sends one batch after the other until nobody asks any more.</summary>
    private async Task SendAsync()
    {
        while (true)
        {
            // The requests that have arrived by now get to ask first: that is what makes batches of several on a busy machine.
            await Task.Yield();
            if (Take() is not { } batch)
            {
                return;
            }

            try
            {
                batch.Answer(await batch.SendAsync(ask));
            }
            catch (Exception exception)
            {
                batch.Fail(exception);
            }
        }
    }

    private Batch? Take()
    {
        lock (_gate)
        {
            var batch = _next;
            _next = null;
            if (batch is null)
            {
                _senders--;
            }

            return batch;
        }
    }

    private sealed class Batch
    {
        // Those who wait go on by themselves: none of them is to hold up the next batch.
        private readonly TaskCompletionSource<IReadOnlyList<TAnswer>> _answers = new(TaskCreationOptions.RunContinuationsAsynchronously);

        private readonly ExecutionContext? _firstAsker = ExecutionContext.Capture();

        public List<TQuestion> Questions { get; } = [];

        public Task<IReadOnlyList<TAnswer>> Answers => _answers.Task;

        public Task<IReadOnlyList<TAnswer>> SendAsync(Func<IReadOnlyList<TQuestion>, Task<IReadOnlyList<TAnswer>>> ask)
        {
            if (_firstAsker is null)
            {
                return ask(Questions);
            }

            Task<IReadOnlyList<TAnswer>>? sent = null;
            ExecutionContext.Run(_firstAsker, _ => sent = ask(Questions), null);
            return sent!;
        }

        public void Answer(IReadOnlyList<TAnswer> answers) => _answers.SetResult(answers);

        public void Fail(Exception exception) => _answers.SetException(exception);
    }
}
