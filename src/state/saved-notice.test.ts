import { expect, it } from 'vitest';
import { savedNotice } from './saved-notice.ts';

const saved = (length: number, ...leftOut: string[]) => savedNotice({ pieces: [], length, leftOut });

it('says nothing of a file that is whole', () => {
  expect(saved(1e6)).toBeNull();
});

it('names what is not in a file', () => {
  expect(saved(1e6, 'W₀', 'ΔW*', 'the samples')?.title).toBe('The run file was saved without W₀, ΔW* and the samples.');
  expect(saved(1e6, 'the batches')?.title).toBe('The run file was saved without the batches.');
});

it('says where a file is too large to be opened again', () => {
  expect(saved(84.2e6, 'W₀', 'ΔW*')).toMatchObject({ tone: 'bad', title: 'The run file has 84 MB.' });
});
