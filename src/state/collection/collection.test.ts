import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseLink } from '../../experiment/link/link.ts';
import { presets } from '../../experiment/presets.ts';
import { type SmallMatrix, smallMatrix } from '../../experiment/recorded/small-picture.ts';
import {
  MAX_EXPERIMENTS,
  MAX_NOTE_LENGTH,
  MAX_TITLE_LENGTH,
  moveExperiment,
  type OwnExperiment,
  packCollection,
  readCollection,
  singleLine,
  unpackCollection,
  withAdditions,
  withOthers,
  writeCollection,
} from './collection.ts';

const picture: SmallMatrix = smallMatrix([-1, 0, 1, 0.5], 2, 2, [-1, 1], 'dw');

const fileOf = (experiments: unknown) =>
  JSON.stringify({ format: 'lora-explorer/experiments', version: 1, experiments });

const links = presets.all.map(({ link }) => read({ link }).experiments[0].link);
const own: readonly OwnExperiment[] = links.map((link, i) => ({
  title: `Number ${i} & <b>“so on”</b>`,
  note: i % 2 ? '' : 'Ask first: what will be left?',
  link,
  picture: i % 3 ? picture : null,
}));

function read(...experiments: unknown[]) {
  const found = readCollection(fileOf(experiments));
  if ('fault' in found) throw new Error(found.fault);
  return found;
}

describe('a file of experiments', () => {
  it('comes back as it was written, and so does a link, without its pictures', async () => {
    expect(readCollection(writeCollection(own))).toEqual({ experiments: own, left: [] });
    const bare = own.map((one) => ({ ...one, picture: null }));
    expect(await unpackCollection(await packCollection(own))).toEqual({ experiments: bare, left: [] });
  });

  it('keeps of a link what the parser reads, and none that opens nothing', () => {
    const { experiments, left } = read(
      { title: 'a', link: '#v=1&rank=900&colour=red&lr=0.5' },
      { title: 'b', link: '#v=7&rank=2' },
      { title: 'c', link: 'javascript:alert(1)' },
      { title: 'd', link: `#v=1&by=${'x'.repeat(60_000)}` },
      { title: 'e', link: 7 },
      'f',
      null,
    );
    expect(experiments).toHaveLength(1);
    expect(parseLink(experiments[0].link).faults).toEqual([]);
    expect(parseLink(experiments[0].link).experiment).toMatchObject({ rank: 8, lr: 0.5 });
    expect(experiments[0].link).not.toMatch(/colour|900/);
    expect(left.map((why) => why.slice(0, 13))).toEqual([2, 3, 4, 5, 6, 7].map((n) => `Experiment ${n}:`.slice(0, 13)));
  });

  it('bounds titles, notes and pictures, and takes nothing beside them', () => {
    const [one] = read({
      title: `\u202eevil\n${'t'.repeat(100)}`,
      note: `\u0000${'😀'.repeat(300)}`,
      link: '#v=1',
      picture: { ...picture, cells: `${picture.cells}A` },
      more: 'x',
    }).experiments;
    expect(one.title).toBe(`evil ${'t'.repeat(MAX_TITLE_LENGTH - 5)}`);
    expect([...one.note]).toHaveLength(MAX_NOTE_LENGTH);
    expect(one.picture).toBeNull();
    expect(Object.keys(one).sort()).toEqual(['link', 'note', 'picture', 'title']);
    const pictures = [
      { rows: 65, cols: 1, cells: 'A'.repeat(65), look: 'dw' },
      { rows: 1, cols: 1, cells: '!', look: 'dw' },
      { rows: 1, cols: 1, cells: 'A', look: 'red' },
      { rows: 0.5, cols: 2, cells: 'A', look: 'w' },
      [picture],
    ];
    for (const odd of pictures) expect(read({ link: '#v=1', picture: odd }).experiments[0].picture).toBeNull();
    expect(read({ link: '#v=1', picture: { ...picture, onload: 'x' } }).experiments[0].picture).toEqual(picture);
  });

  it('says what is wrong with a file that is none', () => {
    const faultOf = (text: string) => {
      const found = readCollection(text);
      return 'fault' in found ? found.fault : null;
    };
    expect(faultOf('')).toMatch(/^It is not JSON/);
    expect(faultOf('{"format":"lora-explorer/run"}')).toMatch(/^format: must be/);
    expect(faultOf('{"format":"lora-explorer/experiments","version":2}')).toMatch(/^version: must be 1/);
    expect(faultOf(fileOf({}))).toMatch(/expected a list/);
    expect(faultOf(fileOf(new Array(MAX_EXPERIMENTS + 1).fill({ link: '#v=1' })))).toMatch(/the limit is 200/);
    expect(faultOf(' '.repeat(12_000_001))).toMatch(/longer/);
    expect(faultOf('['.repeat(100_000))).toMatch(/deep/);
  });

  it('never throws, whatever it holds', async () => {
    fc.assert(
      fc.property(fc.anything(), fc.string(), (value, text) => {
        readCollection(text);
        readCollection(fileOf(value) ?? '');
        readCollection(fileOf([value]) ?? '');
      }),
    );
    await fc.assert(
      fc.asyncProperty(fc.stringMatching(/^[A-Za-z0-9_-]{0,200}$/), async (text) => {
        expect(await unpackCollection(text)).toHaveProperty('fault');
      }),
    );
  });

  it('a link that inflates to more than a list may hold is refused', async () => {
    const bomb = await packCollection([{ title: 'x'.repeat(2_000_000), note: '', link: '#v=1', picture: null }]);
    expect(bomb.length).toBeLessThan(5000);
    expect(await unpackCollection(bomb)).toHaveProperty('fault');
  });
});

describe('a list of experiments', () => {
  it('takes no experiment twice, and no more than there is room for', () => {
    expect(withAdditions(own, own)).toEqual({ list: own, left: 0 });
    const many = Array.from({ length: MAX_EXPERIMENTS }, (_, i) => ({ ...own[0], title: `${i}` }));
    const { list, left } = withAdditions(own, many);
    expect([list.length, left]).toEqual([MAX_EXPERIMENTS, own.length]);
  });

  it('that is changed here keeps what another tab has added since', () => {
    const [first, second, third] = own;
    expect(withOthers([second], [first, second], [first, second, third])).toEqual([second, third]);
    expect(withOthers([second, first], [first, second], [first, second])).toEqual([second, first]);
  });

  it('is put in order one place at a time', () => {
    const titles = (list: readonly OwnExperiment[]) => list.slice(0, 3).map(({ title }) => title.slice(0, 8));
    expect(titles(moveExperiment(own, 1, -1))).toEqual(['Number 1', 'Number 0', 'Number 2']);
    expect(titles(moveExperiment(own, 1, 1))).toEqual(['Number 0', 'Number 2', 'Number 1']);
    expect(moveExperiment(own, 0, -1)).toBe(own);
    expect(moveExperiment(own, own.length - 1, 1)).toBe(own);
  });

  it('a title is one line', () => {
    expect(singleLine('  a\n\tb\u2028c  ', 60)).toBe('a b c');
    expect(singleLine('😀😀😀', 2)).toBe('😀😀');
  });
});
