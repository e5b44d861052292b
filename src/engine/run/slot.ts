import type { PageMessage, RunMessage } from '../protocol/page-messages.ts';
import type { Run } from './run.ts';

type RunDown = Exclude<PageMessage, { readonly type: 'run' | 'leave' }>;

export class Slot {
  /** The latest run; none may come after a session was left. */
  private newest = -1;
  private present: Run | null = null;
  /** Resolves when the runs before have left their back ends. */
  private free: Promise<void> = Promise.resolve();
  private early: RunDown[] = [];
  private beginning = 0;

  isNewest(run: number): boolean {
    return run === this.newest;
  }

  get isAtWork(): boolean {
    return this.beginning > 0 || (this.present?.isAtWork ?? false);
  }

  holds(run: Run): boolean {
    return run === this.present;
  }

  /** Supersedes the current run. `begin` receives when the back end is free, a promise that never rejects. */
  begin({ run }: RunMessage, begin: (free: Promise<void>) => Promise<void>): void {
    if (run <= this.newest) return;
    this.newest = run;
    this.stop();
    this.beginning += 1;
    const begun = begin(this.free).finally(() => {
      this.beginning -= 1;
    });
    // The next run waits for this one's use of the back end, finished or not.
    this.free = Promise.allSettled([this.free, begun]).then(() => undefined);
  }

  /** The finished run, which gets the messages that came before it. */
  take(run: Run): void {
    this.present = run;
    const waiting = this.early;
    this.early = [];
    for (const message of waiting) hand(run, message);
  }

  hear(message: RunDown): void {
    if (this.present) hand(this.present, message);
    else this.early.push(message);
  }

  stop(): void {
    if (this.present) this.free = Promise.allSettled([this.free, this.present.close()]).then(() => undefined);
    this.present = null;
    this.early = [];
  }

  leave(): void {
    this.newest = Number.POSITIVE_INFINITY;
    this.stop();
  }
}

function hand(run: Run, message: RunDown): void {
  if (message.type === 'tune') run.tune(message.tuning);
  else if (message.type === 'watch') run.look(message.watch);
  else if (message.type === 'pace') run.pace(message);
  else if (message.type === 'merge') run.merge(message);
  else run.ack();
}
