import { WriteError } from '../../src/adapters/file/resize/metadata.ts';
import { type Command, CommandError, readArguments, USAGE } from './arguments.ts';
import { type CommandResult, convert, info, merge, resize } from './commands.ts';

/** Resolves also if the reader has closed the pipe, as in "… | head". */
function print(stream: NodeJS.WriteStream, text: string): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      stream.off('error', done);
      resolve();
    };
    stream.once('error', done);
    stream.write(`${text}\n`, done);
  });
}

/** Carries out a command; returns its exit code: 0 done, 2 not usable. */
export async function main(args: readonly string[]): Promise<number> {
  try {
    const command = readArguments(args);
    if (command.does === 'help') {
      await print(process.stdout, USAGE);
      return 0;
    }
    const { json, text } = await answer(command);
    await print(process.stdout, command.json ? JSON.stringify(json, null, 2) : text);
    return 0;
  } catch (error) {
    const known = error instanceof CommandError || error instanceof WriteError || isOfSystem(error);
    if (!known) throw error;
    // One line, whatever a name in the file contains.
    await print(process.stderr, error.message.replaceAll(/\s+/g, ' '));
    return 2;
  }
}

function answer(command: Exclude<Command, { readonly does: 'help' }>): Promise<CommandResult> {
  switch (command.does) {
    case 'info':
      return info(command);
    case 'resize':
      return resize(command);
    case 'merge':
      return merge(command);
    default:
      return convert(command);
  }
}

/** Errors of the operating system: a file that may not be read, a disk that is full. */
const isOfSystem = (error: unknown): error is Error => error instanceof Error && 'code' in error && 'syscall' in error;
