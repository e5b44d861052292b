import { expect, it } from 'vitest';
import { countIntruders, type DifferenceFigures, differenceFigures } from '../file/checkpoints/difference-figures.ts';
import { madeUpPair, matched } from '../file/checkpoints/testing/made-up-pair.ts';
import { makeFile, normalMatrix, type TestTensor } from '../file/testing/make-file.ts';
import { createSession } from './session.ts';

const imported = async (name: string, tensors: readonly TestTensor[]) => {
  const { blob } = await makeFile(name, tensors);
  return [{ file: new File([blob], name), path: name }];
};

it('counts intruders of one matrix, stops, and counts them later', async () => {
  const { base, fine } = madeUpPair();
  const figures: DifferenceFigures[] = [];
  let hear = () => {};
  const session = createSession((news) => {
    if (news.type !== 'models-measured') return;
    figures.splice(news.from, news.figures.length, ...news.figures);
    hear();
  });
  const news = (enough: () => boolean) =>
    new Promise<void>((done) => {
      hear = () => enough() && done();
    });
  const counts = (...of: readonly number[]) => of.map((i) => figures[i].spectrum?.intruders?.count);

  session.compareModels(await imported('base.safetensors', base), await imported('fine.safetensors', fine));
  await news(() => figures.length === base.length);
  const { pairs } = await matched(base, fine);
  const [one, two] = pairs.flatMap(({ name }, i) => (name.includes('q_proj') ? [i] : []));

  session.countIntruders(one);
  session.cancel();
  session.countIntruders(two);
  await news(() => counts(two)[0] !== undefined);
  expect(counts(one)).toEqual([undefined]);
  session.countIntruders(one);
  await news(() => counts(one)[0] !== undefined);
  for (const i of [one, two]) expect(figures[i]).toEqual(await differenceFigures(pairs[i], { intruders: true }));
});

it('hears a signal while it counts', async () => {
  const [before, after] = [1, 2].map((seed) => [
    { name: 'a.weight', shape: [300, 300], values: normalMatrix(300, 300, seed, 'a').data },
  ]);
  const { pairs } = await matched(before, after);
  const stop = new AbortController();
  let parts = 0;
  const signal = new Proxy(stop.signal, {
    get(of, name) {
      if (name === 'aborted' && parts++ === 2) stop.abort();
      const value = Reflect.get(of, name, of);
      return typeof value === 'function' ? value.bind(of) : value;
    },
  });
  await expect(countIntruders(pairs[0], signal)).rejects.toThrow('abort');
  expect(parts).toBe(3);
});
