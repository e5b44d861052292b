import type { Command, PageEvent } from '../state/events.ts';

/** What may be asked of a part of the page that is loaded for it. */
type PartTask = Exclude<Command, 'reload'> | 'file';

/** What was not done, by the command that asked for it. */
function undone(command: PartTask): string {
  if (typeof command === 'object' && 'film' in command) return 'The film could not be recorded.';
  if (typeof command === 'object' && 'mine' in command) return 'Your experiments could not be read or kept.';
  if (typeof command === 'object' && 'wall' in command) return 'The runs could not be read.';
  if (typeof command === 'object' && 'qr' in command) return 'The picture could not be saved.';
  if (typeof command === 'object' && 'file' in command) return 'The file could not be made.';
  if (typeof command === 'object')
    return 'bring' in command ? 'The matrix could not be read.' : `The ${SAVED[command.save]}.`;
  return UNDONE[command];
}

const SAVED = {
  svg: 'picture could not be saved',
  png: 'picture could not be saved',
  copy: 'picture could not be copied',
  table: 'table could not be saved',
} as const;
const UNDONE: Readonly<Record<Extract<PartTask, string>, string>> = {
  'copy-link': 'The link could not be copied.',
  'save-run': 'The run file could not be saved.',
  'save-csv': 'The table could not be saved.',
  'save-runs': 'The list could not be saved.',
  file: 'The file could not be opened.',
  'open-file': 'The file could not be opened.',
  restore: 'The saved run could not be opened.',
  forget: 'The saved run could not be discarded.',
};

function failedNotice(what: PartTask, error: unknown): PageEvent {
  const why = error instanceof Error ? error.message : String(error);
  return {
    type: 'notice',
    notice: {
      about: 'file',
      tone: 'bad',
      title: undone(what),
      texts: [`The browser says: ${why}`],
      actions: [],
    },
  };
}

/** A part of the page that is loaded when it is needed could not be: the server is away, or has a newer build. */
export function notLoadedNotice(): PageEvent {
  return {
    type: 'notice',
    notice: {
      about: 'build',
      tone: 'bad',
      title: 'A part of this page could not be loaded.',
      texts: ['The server did not answer, or it has a newer version. Reload the page and try again.'],
      actions: [{ label: 'Reload', event: { type: 'command', command: 'reload' } }],
    },
  };
}

/** Does something with a part of the page that is being loaded. What fails is said; `what` was asked for. */
export async function withPart<P>(
  part: Promise<P>,
  use: (part: P) => unknown,
  say: (event: PageEvent) => void,
  what: PartTask,
): Promise<void> {
  const loaded = await part.catch(() => null);
  if (loaded === null) return say(notLoadedNotice());
  try {
    await use(loaded);
  } catch (error) {
    say(failedNotice(what, error));
  }
}
