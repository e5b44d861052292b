import type { Command, PageEvent } from '../state/events.ts';

/** What may be asked of a part of the page that is loaded for it. */
type Task = Exclude<Command, 'reload'> | 'file';

/** What was not done, by the command that asked for it. */
function undone(command: Task): string {
  if (typeof command === 'object' && 'film' in command) return 'The film was not recorded.';
  if (typeof command === 'object')
    return 'bring' in command ? 'The matrix was not read.' : `The ${SAVED[command.save]}.`;
  return UNDONE[command];
}

const SAVED = {
  svg: 'picture was not saved',
  png: 'picture was not saved',
  copy: 'picture was not copied',
  table: 'table was not saved',
} as const;
const UNDONE: Readonly<Record<Extract<Task, string>, string>> = {
  'copy-link': 'The link was not copied.',
  'save-run': 'The run file was not saved.',
  'save-csv': 'The table was not saved.',
  file: 'The file was not opened.',
  'open-file': 'The file was not opened.',
  restore: 'The kept run was not opened.',
  forget: 'The kept run was not forgotten.',
};

function failedNotice(what: Task, error: unknown): PageEvent {
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
      texts: ['The network or the server did not answer, or has a newer version. Reload the page, then try again.'],
      actions: [{ label: 'Reload', event: { type: 'command', command: 'reload' } }],
    },
  };
}

/** Does something with a part of the page that is being loaded. What fails is said; `what` was asked for. */
export async function withPart<P>(
  part: Promise<P>,
  use: (part: P) => unknown,
  say: (event: PageEvent) => void,
  what: Task,
): Promise<void> {
  const loaded = await part.catch(() => null);
  if (loaded === null) return say(notLoadedNotice());
  try {
    await use(loaded);
  } catch (error) {
    say(failedNotice(what, error));
  }
}
