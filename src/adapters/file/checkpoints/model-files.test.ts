import { describe, expect, it } from 'vitest';
import { modelsAmong } from './model-files.ts';

const at = (...paths: string[]) => paths.map((path) => ({ path }));

const namesOf = (...paths: string[]) => {
  const found = modelsAmong(at(...paths));
  if ('fault' in found) return found.fault;
  return found.map(({ name, index, files }) => [name, index?.path ?? null, files.map(({ path }) => path)]);
};

describe('models among files', () => {
  it('takes each file by itself for a model', () => {
    expect(namesOf('base.safetensors', 'tuned.safetensors')).toEqual([
      ['base.safetensors', null, ['base.safetensors']],
      ['tuned.safetensors', null, ['tuned.safetensors']],
    ]);
  });

  it('takes shards of one name for one model, and all files beside an index', () => {
    const shards = ['m-00001-of-00002.safetensors', 'm-00002-of-00002.safetensors'];
    expect(namesOf(...shards, 'other.safetensors')).toEqual([
      ['m, 2 shards', null, shards],
      ['other.safetensors', null, ['other.safetensors']],
    ]);
    expect(namesOf(...shards, 'm.safetensors.index.json')).toEqual([['m', 'm.safetensors.index.json', shards]]);
  });

  it('takes a folder for one model, with the usual index of two', () => {
    const files = ['llama/a.safetensors', 'llama/b.safetensors'];
    const indices = ['llama/old.safetensors.index.json', 'llama/model.safetensors.index.json'];
    expect(namesOf(...files, ...indices, 'llama/config.json')).toEqual([['llama', indices[1], files]]);
    expect(namesOf(...files, indices[0], 'llama/new.safetensors.index.json')).toBe('There are several indices.');
  });

  it('takes two dropped folders for two models, and leaves folders below them out', () => {
    expect(namesOf('/base/m.safetensors', '/base/original/m.safetensors', '/tuned/m.safetensors')).toEqual([
      ['base', null, ['/base/m.safetensors']],
      ['tuned', null, ['/tuned/m.safetensors']],
    ]);
  });

  it('says so if there are no weights', () => {
    expect(namesOf('llama/config.json', 'llama/pytorch_model.bin')).toBe('There is no model.');
  });
});
