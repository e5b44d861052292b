// @vitest-environment happy-dom
import { act } from 'react';
import { createRoot } from 'react-dom/client';
import { afterEach, expect, it } from 'vitest';
import type { StripMethod } from './captions.ts';
import { Caption } from './parts.tsx';

Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: true });

const host = document.createElement('div');
const root = createRoot(host);
afterEach(() => act(() => root.unmount()));

it('the symbol of another method leaves nothing of the one before', async () => {
  const captionOf = (method: StripMethod | null) =>
    act(() => {
      const facts = { shown: 'update', portrait: null, method } as const;
      root.render(<Caption name="dW" text={{ first: '', second: '' }} reading={false} facts={facts} brief={false} />);
    });
  const symbol = () => host.querySelector('.sym')?.textContent;
  await captionOf(null);
  expect(symbol()).toBe('ΔW = s·B·A − s₀·B₀·A₀');
  await captionOf({ formula: '(R − I)·W₀' } as StripMethod);
  expect(symbol()).toBe('ΔW = (R − I)·W₀');
});
