/**
 * Does one thing after another while there is something to do, then rests until it is woken. What wakes it while it is
 * at work is seen in the next round.
 */
export class Loop {
  private atWork = false;
  private woken = false;
  private working = Promise.resolve();
  private endWait: (() => void) | null = null;
  private over = () => {};
  /** Resolves when it is closed. */
  readonly whenClosed = new Promise<void>((resolve) => {
    this.over = resolve;
  });
  private isClosed = false;

  constructor(
    /** Does one thing. False where there is nothing to do until it is woken. */
    private readonly next: () => Promise<boolean>,
    /** It rests after an error, too. */
    private readonly fail: (error: unknown) => void,
  ) {}

  get isAtWork(): boolean {
    return this.atWork;
  }

  get closed(): boolean {
    return this.isClosed;
  }

  /** Begins to work, or ends a wait. */
  wake(): void {
    this.endWait?.();
    this.woken = true;
    if (!this.isClosed && !this.atWork) this.working = this.work();
  }

  /** A wait of so many milliseconds, for what it does at the moment; whatever wakes it ends the wait. */
  wait(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer);
        this.endWait = null;
        resolve();
      };
      const timer = setTimeout(done, ms);
      this.endWait = done;
    });
  }

  /** Begins nothing more; resolves when what it was doing is over. */
  close(): Promise<void> {
    this.isClosed = true;
    this.over();
    this.endWait?.();
    return this.working;
  }

  private async work(): Promise<void> {
    this.atWork = true;
    try {
      for (let more = true; more && !this.isClosed; ) {
        this.woken = false;
        more = (await this.next()) || this.woken;
      }
    } catch (error) {
      this.fail(error);
    } finally {
      this.atWork = false;
    }
  }
}
