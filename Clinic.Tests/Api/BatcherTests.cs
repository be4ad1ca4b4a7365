using Clinic.Api.Slots;

namespace Clinic.Tests.Api;

/// <summary>Questions that are asked at the same time go together. The batches here are answered when the test says so.</summary>
public sealed class BatcherTests
{
    private readonly AsyncLocal<string> _asker = new();
    private readonly List<SentBatch> _sent = [];
    private readonly SemaphoreSlim _arrived = new(0);

    [Fact]
    public async Task Who_asks_alone_is_sent_alone()
    {
        var batcher = Batcher(maxUnderWay: 1);
        foreach (var question in new[] { "a", "b" })
        {
            var asked = batcher.AskAsync(question);
            var batch = await NextAsync();
            Assert.Equal([question], batch.Questions);
            batch.Answer();
            Assert.Equal($"answer to {question}", await asked);
        }
    }

    [Fact]
    public async Task R5_what_is_asked_while_a_batch_is_under_way_is_not_answered_by_it_but_by_the_next()
    {
        var batcher = Batcher(maxUnderWay: 1);
        var first = batcher.AskAsync("a");
        var firstBatch = await NextAsync();
        var late = new[] { "a", "b", "c" }.Select(batcher.AskAsync).ToList();
        Assert.Single(_sent);

        firstBatch.Answer();
        Assert.Equal("answer to a", await first);
        var secondBatch = await NextAsync();

        Assert.Equal(["a", "b", "c"], secondBatch.Questions);
        Assert.All(late, asked => Assert.False(asked.IsCompleted));
        secondBatch.Answer();
        Assert.Equal(["answer to a", "answer to b", "answer to c"], await Task.WhenAll(late));
    }

    [Fact]
    public async Task No_more_batches_are_under_way_than_allowed_and_every_question_is_answered()
    {
        var batcher = Batcher(maxUnderWay: 2);
        var asked = new List<Task<string>> { batcher.AskAsync("a") };
        var one = await NextAsync();
        asked.Add(batcher.AskAsync("b"));
        var two = await NextAsync();
        asked.Add(batcher.AskAsync("c"));
        asked.Add(batcher.AskAsync("d"));
        Assert.Equal(2, _sent.Count);

        one.Answer();
        var three = await NextAsync();
        Assert.Equal(["c", "d"], three.Questions);
        two.Answer();
        three.Answer();

        Assert.Equal(["a", "b", "c", "d"], (await Task.WhenAll(asked)).Select(a => a[^1..]));
    }

    [Fact]
    public async Task R3_a_failure_is_thrown_to_those_who_asked_and_the_next_batch_goes_on()
    {
        var batcher = Batcher(maxUnderWay: 1);
        var first = batcher.AskAsync("a");
        var failing = await NextAsync();
        var second = batcher.AskAsync("b");

        failing.Fail(new TimeoutException("Too slow."));
        await Assert.ThrowsAsync<TimeoutException>(() => first);
        (await NextAsync()).Answer();

        Assert.Equal("answer to b", await second);
    }

    [Fact]
    public async Task A_batch_runs_in_the_context_of_who_asked_first()
    {
        var batcher = Batcher(maxUnderWay: 1);
        var first = AskAsAsync("Ana", "a");
        var firstBatch = await NextAsync();
        var second = AskAsAsync("Ben", "b");
        var third = AskAsAsync("Cleo", "c");
        firstBatch.Answer();
        var secondBatch = await NextAsync();
        secondBatch.Answer();
        await Task.WhenAll(first, second, third);

        Assert.Equal(("Ana", "Ben"), (firstBatch.Asker, secondBatch.Asker));

        async Task AskAsAsync(string name, string question)
        {
            _asker.Value = name;
            await batcher.AskAsync(question);
        }
    }

    private Batcher<string, string> Batcher(int maxUnderWay) => new(maxUnderWay, questions =>
    {
        var batch = new SentBatch(questions, _asker.Value);
        lock (_sent)
        {
            _sent.Add(batch);
        }

        _arrived.Release();
        return batch.Answers;
    });

    /// <summary>The batch that is sent next; it fails rather than waits for ever.</summary>
    private async Task<SentBatch> NextAsync()
    {
        Assert.True(await _arrived.WaitAsync(TimeSpan.FromSeconds(30)), "No batch was sent.");
        lock (_sent)
        {
            return _sent[^1];
        }
    }

    private sealed class SentBatch(IReadOnlyList<string> questions, string? asker)
    {
        private readonly TaskCompletionSource<IReadOnlyList<string>> _answers = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public IReadOnlyList<string> Questions => questions;

        public string? Asker => asker;

        public Task<IReadOnlyList<string>> Answers => _answers.Task;

        public void Answer() => _answers.SetResult([.. questions.Select(q => $"answer to {q}")]);

        public void Fail(Exception exception) => _answers.SetException(exception);
    }
}
