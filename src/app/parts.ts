import type { Command, PageEvent } from '../state/events.ts';
import { loadFailureNotice, noticeEvent } from '../state/notices.ts';

/** Requests to a part of the page that is loaded on demand. */
type PartTask = Exclude<Command, 'reload'> | 'file';

/** The failed action, by its command or the command's key. */
const UNDONE = {
  'copy-link': 'The link could not be copied.',
  'save-run': 'The run file could not be saved.',
  'save-csv': 'The table could not be saved.',
  'save-runs': 'The list could not be saved.',
  'open-file': 'The file could not be opened.',
  restore: 'The saved run could not be opened.',
  'hand-code': 'The code could not be made.',
  forget: 'The saved run could not be discarded.',
  film: 'The film could not be recorded.',
  owl: 'The owl could not be saved or shared.',
  mine: 'Your experiments could not be read or kept.',
  wall: 'The runs could not be read.',
  qr: 'The picture could not be saved.',
  bring: 'The matrix could not be read.',
  svg: 'The picture could not be saved.',
  png: 'The picture could not be saved.',
  copy: 'The picture could not be copied.',
  table: 'The table could not be saved.',
} as const;

function undone(command: PartTask): string {
  if (command === 'file') return 'The file could not be opened.';
  if (typeof command === 'string') return UNDONE[command];
  if ('file' in command) return 'The file could not be made.';
  if ('save' in command) return UNDONE[command.save];
  const [key] = Object.keys(command) as ('film' | 'owl' | 'mine' | 'wall' | 'qr' | 'bring')[];
  return UNDONE[key];
}

function failedNotice(what: PartTask, error: unknown): PageEvent {
  const why = error instanceof Error ? error.message : String(error);
  return noticeEvent('file', 'bad', undone(what), [`The browser says: ${why}`]);
}

/** Runs a task with a part that is being loaded, and reports a failure; `what` was requested. */
export async function runWithPart<P>(
  part: Promise<P>,
  use: (part: P) => unknown,
  report: (event: PageEvent) => void,
  what: PartTask,
): Promise<void> {
  const loaded = await part.catch(() => null);
  if (loaded === null) return report(loadFailureNotice());
  try {
    await use(loaded);
  } catch (error) {
    report(failedNotice(what, error));
  }
}
