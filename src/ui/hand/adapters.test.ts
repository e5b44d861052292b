import { expect, it } from 'vitest';
import { MAX_PLAIN_BYTES } from '../../class/ui/qr-code.tsx';
import { decodedQr } from '../../class/ui/testing/decoded-qr.ts';
import { parseLink } from '../../experiment/link/link.ts';
import { digits } from '../../experiment/network/digits-target.ts';
import { mergedLayers } from '../../experiment/network/forward.ts';
import { decodeHand, encodeHand } from '../../experiment/network/hand-adapter.ts';
import { change, defaults } from '../../experiment/settings/experiment.ts';
import { stream } from '../../math/random.ts';
import { readyMessage } from '../../state/testing/page.ts';
import { adaptersOf, adapterToSend, codeLink, layersOf, pretrainedOf, readHand } from './adapters.ts';

const source = stream(3, 'adapters');
const numbers = (count: number) => Float32Array.from({ length: count }, () => source.normal());

/** Networks whose first and last matrix have an adapter. */
function trained(rank: number) {
  const layers = digits.layers.map((layer) => ({ ...layer, W: numbers(layer.d * layer.k) }));
  const [module] = readyMessage(1).modules;
  const modules = [layers[0], layers[2]].map(({ name, d, k, W }) => ({ ...module, name, d, k, rank, base: W }));
  const [first, last] = modules;
  const factors = modules.map(({ d, k }) => ({
    A: numbers(rank * k),
    B: numbers(d * rank),
    spectrum: null,
    alignment: null,
  }));
  const none = { inputs: new Float32Array(0), answers: new Uint8Array(0) };
  return {
    ready: {
      modules: [first, last] as const,
      network: { kind: 'labelled' as const, layers, heldOut: none, old: none, examples: 0 },
    },
    factors,
  };
}
const settings = (changes: object) => change(change(defaults(), { target: 'digits', adapt: 'hand' }), changes);

it('sends the adapters of the matrices that have one, within the rounding of 8 bits, and zeros for the others', () => {
  const { ready, factors } = trained(4);
  const own = adapterToSend(ready, factors, settings({ rank: 4 }));
  if ('why' in own) throw new Error(own.why);
  const read = decodeHand(encodeHand(own.adapter));
  if ('fault' in read) throw new Error(read.fault);
  const { rank, scaling, layers } = read.adapter;
  const base = pretrainedOf(ready);
  const sent = mergedLayers(
    base,
    layers.map((one) => ({ ...one, rank, scaling })),
  );
  const exact = mergedLayers(base, adaptersOf(ready, factors, settings({ rank: 4 })));
  expect(sent[1].W).toEqual(Float64Array.from(base[1].W));
  for (const l of [0, 2]) {
    const apart = Array.from(sent[l].W, (w, i) => Math.abs(w - exact[l].W[i]));
    // An entry is off by at most half a step of its scale, 4/254, in each of 4 products with the other factor.
    expect(Math.max(...apart)).toBeLessThan(scaling * 4 * 2 * (4.5 / 254) * 4.5);
    expect(Math.max(...apart)).toBeGreaterThan(0);
  }
});

it('says why some adapters do not go into a link', () => {
  const { ready, factors } = trained(4);
  const whyOf = (changes: object, of = ready) => {
    const own = adapterToSend(of, factors, settings(changes));
    return 'why' in own ? own.why : null;
  };
  expect(whyOf({ rank: 4 })).toBeNull();
  expect(whyOf({ rank: 6 })).toMatch(/rank 1 to 5/);
  expect(whyOf({ method: 'full' })).toMatch(/too large/);
});

it('a code of rank 1 is read by another library, scans from the last row, and opens the same hand', () => {
  const { ready, factors } = trained(1);
  const own = adapterToSend(ready, factors, settings({ rank: 1 }));
  if ('why' in own) throw new Error(own.why);
  const address = `https://lora.example.org/explorer/${codeLink(encodeHand(own.adapter), 'Mei & <b>Jun</b>')}`;
  expect(address.length).toBeLessThan(MAX_PLAIN_BYTES);
  expect(decodedQr(address)).toBe(address);
  const { experiment, view, faults } = parseLink(address.slice(address.indexOf('#')));
  expect([experiment.target, experiment.adapt, view.by, faults]).toEqual(['digits', 'hand', 'Mei & <b>Jun</b>', []]);
  const read = decodeHand(view.hand);
  if ('fault' in read) throw new Error(read.fault);
  const base = pretrainedOf(ready);
  const [opened, sent] = [read.adapter, readHand(encodeHand(own.adapter))].map((one) =>
    mergedLayers(base, layersOf(one)),
  );
  expect(opened).toEqual(sent);
});
