/** Does one thing after another while there is work, then rests until woken; a wake during work is not lost. */
export class Loop {
  private atWork = false;
  private woken = false;
  private working = Promise.resolve();
  private endWait: (() => void) | null = null;
  private over = () => {};
  readonly whenClosed = new Promise<void>((resolve) => {
    this.over = resolve;
  });
  private isClosed = false;

  constructor(
    /** Does one thing; false if there is nothing to do until woken. */
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

  wake(): void {
    this.endWait?.();
    this.woken = true;
    if (!this.isClosed && !this.atWork) this.working = this.work();
  }

  /** Waits n milliseconds within its current work; any wake ends the wait. */
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

  /** Begins nothing more; resolves when the current work is over. */
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
