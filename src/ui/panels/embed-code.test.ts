// @vitest-environment happy-dom
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { change, defaults } from '../../experiment/settings/experiment.ts';
import { embedCode, embedHeight, HEIGHT_SCRIPT } from './embed-code.ts';

const docs = readFileSync('docs/embedding.md', 'utf8');

describe('the code of a frame', () => {
  const e = defaults();

  it('has a height that grows with the controls that the link names', () => {
    const few = embedHeight(e, { show: '' });
    expect(few).toBe(embedHeight(e, { show: 'rank' }));
    expect(embedHeight(e, { show: '', lesson: 'rank' })).toBeGreaterThan(few + 400);
    expect(embedHeight(e, { show: 'pace' })).toBeLessThan(few);
    expect(embedHeight(e, { show: 'rank,alpha,lr,opt' })).toBeGreaterThan(few + 100);
  });

  it('counts only the controls that the experiment has a use for', () => {
    const other = change(e, { target: 'rotation' });
    expect(embedHeight(other, { show: 'rank,truerank' })).toBe(embedHeight(other, { show: 'rank' }));
  });

  it('is HTML whose address and style are whole', () => {
    const html = embedCode('https://example.org/#v=1&d=8&view=embed&show="><b>', 900);
    const template = document.createElement('template');
    template.innerHTML = html;
    const parsed = template.content.children;
    expect(parsed).toHaveLength(1);
    expect(parsed[0].getAttribute('src')).toBe('https://example.org/#v=1&d=8&view=embed&show="><b>');
    expect(parsed[0].getAttribute('style')).toContain('border:0');
  });

  it('has the script that docs/embedding.md has', () => {
    expect(docs).toContain(HEIGHT_SCRIPT);
  });
});
