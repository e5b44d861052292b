import { beforeEach, expect, it } from 'vitest';
import { diagnose } from '../reader/diagnose.ts';
import {
  changePasted,
  lookAtFiles,
  lookAtText,
  pastedNow,
  pastedTool,
  refusePaste,
  type TextReader,
} from './pasted.ts';

const KOHYA = '--network_module=networks.lora --network_dim 32 --network_alpha 1';

/** A reader that answers when it is let; what it was asked, in order. */
function slowReader() {
  const asked: { readonly text: string; readonly wanted: AbortSignal; readonly answer: () => void }[] = [];
  const read: TextReader = (text, wanted) =>
    new Promise((resolve) => asked.push({ text, wanted, answer: () => resolve(diagnose(text)) }));
  return { asked, read };
}

beforeEach(() => void changePasted({ text: '', found: null }));

it('keeps the answer for a text, of which a complaint’s page knows the trainer', async () => {
  const { asked, read } = slowReader();
  changePasted({ text: KOHYA, found: null });
  const over = lookAtText(read);
  expect(pastedNow().found).toEqual({ kind: 'looking' });
  expect(pastedTool()).toBeNull();
  asked[0].answer();
  await over;
  expect(pastedNow()).toEqual({ text: KOHYA, found: diagnose(KOHYA) });
  expect(pastedTool()).toBe('kohya');
  // It holds until the text changes.
  await lookAtText(read);
  expect(asked).toHaveLength(1);
});

it('drops an answer to a text that has changed, and stops its reader', async () => {
  const { asked, read } = slowReader();
  changePasted({ text: KOHYA, found: null });
  const first = lookAtText(read);
  changePasted({ text: 'lora_rank: 8', found: null });
  expect(asked[0].wanted.aborted).toBe(true);
  asked[0].answer();
  await first;
  expect(pastedNow()).toEqual({ text: 'lora_rank: 8', found: null });
  const files = lookAtFiles([new File(['step,loss\r\n0,1\r\n'], 'loss.csv')], read);
  await expect.poll(() => asked).toHaveLength(2);
  expect(asked[1].text).toBe('step,loss\n0,1\n');
  const last = lookAtFiles([new File(['\ufeffr: 8'], 'a.yaml'), new File(['r: 4'], 'b.yaml')], read);
  await expect.poll(() => asked).toHaveLength(3);
  asked[2].answer();
  asked[1].answer();
  await Promise.all([files, last]);
  expect(pastedNow().text).toBe('r: 8\n\nr: 4');
});

it('holds the refusal of what never reached the field until the text changes', async () => {
  const { asked, read } = slowReader();
  changePasted({ text: KOHYA, found: null });
  refusePaste('Too long.');
  await lookAtText(read);
  expect(pastedNow()).toEqual({ text: KOHYA, found: { kind: 'refused', why: 'Too long.' } });
  expect(asked).toEqual([]);
  await lookAtFiles([new File([new Uint8Array(3_000_000)], 'log.txt')], read);
  await lookAtText(read);
  expect(pastedNow()).toMatchObject({
    text: '',
    found: { kind: 'refused', why: expect.stringMatching(/^log\.txt has 3 MB\./) },
  });
});

it('looks again at a text that its reader failed on', async () => {
  changePasted({ text: KOHYA, found: null });
  await lookAtText(async () => ({ kind: 'failed', why: 'No answer.' }));
  expect(pastedNow().found).toEqual({ kind: 'failed', why: 'No answer.' });
  await lookAtText(async (text) => diagnose(text));
  expect(pastedNow().found).toMatchObject({ kind: 'read', tool: 'kohya' });
});
