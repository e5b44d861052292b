import { currentLink, openAndWait, openLink, runOf, trainRun } from './explorer.ts';
import { expect, test } from './fixtures.ts';

const START = '#v=1&d=32&k=32&rank=4&steps=60';

// One page for all: each begins with the same link, opened afresh.
test('links, training and hostile input, through the public interface', async ({ page }) => {
  await openAndWait(page, `./?backend=cpu${START}`);
  const step = (title: string, work: () => Promise<void>) =>
    test.step(title, async () => {
      await work();
      await openLink(page, START);
    });

  await step('a link round trip gives the same link, and a share of a share too', async () => {
    const first = await currentLink(page);
    expect(first).toContain('lr=');
    expect((await openLink(page, first)).notices).toEqual([]);
    expect(await currentLink(page)).toBe(first);
  });

  await step('open says what a link had to say, each time', async () => {
    for (const _ of [1, 2]) {
      const { notices } = await openLink(page, '#v=1&rank=900&colour=red&d=16&k=16');
      expect(notices.join(' ')).toMatch(/rank=900: must be a whole number from 1 to 16/);
      expect(notices.join(' ')).toMatch(/colour: unknown setting/);
    }
    expect((await runOf(page)).config).toMatchObject({ d: 16, rank: 8 });
  });

  await step('train makes n updates from where the run stands; N updates give N + 1 entries', async () => {
    const some = await trainRun(page, 10);
    expect(some.status).toBe('paused');
    expect(some.trace.loss).toHaveLength(11);
    const all = await trainRun(page);
    expect(all.status).toBe('finished');
    expect(all.trace.loss).toHaveLength(61);
    expect(all.trace.loss.slice(0, 11)).toEqual(some.trace.loss);
    for (const list of [all.trace.step, all.trace.relativeError, all.layers[0].trace.gradNormA])
      expect(list).toHaveLength(61);
    const { effectiveRank } = all.layers[0].trace;
    expect([effectiveRank.step[0], effectiveRank.step.at(-1)]).toEqual([0, 60]);
    expect((await trainRun(page)).trace.loss).toEqual(all.trace.loss);
  });

  await step('reset goes back to the same start, and the same run comes again', async () => {
    const first = await trainRun(page);
    await page.evaluate(() => window.loraExplorer.reset());
    await expect.poll(async () => (await runOf(page)).trace.loss.length).toBe(1);
    expect((await trainRun(page)).trace.loss).toEqual(first.trace.loss);
  });

  await step('train rejects while a run goes on, and one that open supersedes resolves as stopped', async () => {
    await openLink(page, '#v=1&d=128&k=128&rank=8&steps=100000');
    const { rejected, status } = await page.evaluate(async () => {
      const running = window.loraExplorer.train();
      while (window.loraExplorer.run().trace.loss.length < 2) await new Promise((moved) => setTimeout(moved, 20));
      const rejected = await window.loraExplorer.train(5).then(
        () => 'no',
        (error: Error) => error.message,
      );
      await window.loraExplorer.open('#v=1&d=8&k=8');
      return { rejected, status: (await running).status };
    });
    expect(rejected).toContain('A run is in progress');
    expect(status).toBe('stopped');
    expect((await runOf(page)).status).toBe('idle');
  });

  await step('a call that cannot be carried out rejects with a sentence', async () => {
    const why = (steps: unknown) =>
      page.evaluate((n) => window.loraExplorer.train(n as number).then(String, (e: Error) => e.message), steps);
    for (const steps of [0, -1, 1.5, 1e9, 'ten']) expect(await why(steps)).toContain('1 to 100000');
  });

  await step('a diverging run ends at its last good step and says so', async () => {
    await openLink(page, '#v=1&d=32&k=32&rank=4&opt=sgd&lr=900&steps=200');
    const run = await trainRun(page);
    expect(run.status).toBe('diverged');
    expect(run.trace.loss.length).toBeLessThan(200);
    for (const loss of run.trace.loss) expect(loss).toBeLessThan(1e7);
    await expect(page.getByText(/diverged at step/i).first()).toBeVisible();
  });

  await step('without a fragment the owl opens, and v=1 alone is every default', async () => {
    await openLink(page, '');
    expect((await runOf(page)).config).toMatchObject({ target: 'edit', edit: 'sunglasses', rank: 8, steps: 300 });
    await openLink(page, '#v=1');
    expect((await runOf(page)).config).toMatchObject({ target: 'low-rank', d: 64, rank: 8 });
  });

  await step('hostile links open with a notice and never hang', async () => {
    const bomb = 'A'.repeat(39_000);
    for (const hostile of [
      '#v=1&d=1000000000&steps=1e12&__proto__=1&constructor=2',
      '#v=9&rank=4',
      `#v=1&x=${'y'.repeat(2_000_000)}`,
      `#v=1&target=picture&data=${bomb}`,
      '#v=1&target=picture&data=7cEBDQAAAMKg909tDwcU',
      // A painting that declares 128 × 128 and holds endless zeros, and one on the wrong target.
      `#v=1&target=edit&data=FwCAAIDtwQEBAAAAgJD-r-4IC${bomb.slice(0, 200)}`,
      '#v=1&target=picture&data=FwAIAAhjAAA',
      '#v=1&rank=%E0%A4%A&rank=0x10',
    ]) {
      const { notices } = await openLink(page, hostile);
      expect(notices.length, hostile.slice(0, 60)).toBeGreaterThan(0);
      for (const notice of notices) expect(notice.length).toBeLessThan(400);
    }
  });
});
