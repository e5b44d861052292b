import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, it } from 'vitest';
import { Said } from './notices.tsx';

const html = (text: string) => renderToStaticMarkup(<Said>{text}</Said>);

describe('the sentences of a notice', () => {
  it('set the setting that they are about as code', () => {
    expect(html('rank=900: must be a whole number from 1 to 64; using 8.')).toBe(
      '<code>rank=900</code>: must be a whole number from 1 to 64; using 8.',
    );
    expect(html('lr=a b: c: must be a number from 10⁻²⁰ to 1,000.')).toBe(
      '<code>lr=a b</code>: c: must be a number from 10⁻²⁰ to 1,000.',
    );
  });

  it('leave everything else as it is', () => {
    expect(html('The run up to there is kept.')).toBe('The run up to there is kept.');
    expect(html('B = 0, so ΔW = 0.')).toBe('B = 0, so ΔW = 0.');
  });

  it('never let a value become markup', () => {
    expect(html('rank=<img src=x onerror=alert(1)>: must be 1 to 64.')).not.toContain('<img');
    expect(html('<script>x=1</script>')).not.toContain('<script>');
  });
});
