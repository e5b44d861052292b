import type { Reporter, TestCase, TestResult } from '@playwright/test/reporter';

/** Passes on only what the benches print, so that `npm run bench > figures.md` is Markdown. */
export default class Plain implements Reporter {
  printsToStdio(): boolean {
    return true;
  }
  onStdOut(chunk: string | Buffer): void {
    process.stdout.write(chunk);
  }
  onStdErr(chunk: string | Buffer): void {
    process.stderr.write(chunk);
  }
  onTestBegin(test: TestCase): void {
    console.error(`\n== ${test.parent.title}: ${test.title} ==`);
  }
  onTestEnd(_test: TestCase, { status, errors, duration }: TestResult): void {
    for (const { stack, message } of errors) console.error(stack ?? message);
    console.error(`-- ${status} in ${(duration / 1000).toFixed(0)} s`);
  }
  onError({ stack, message }: { stack?: string; message?: string }): void {
    console.error(stack ?? message);
  }
}
