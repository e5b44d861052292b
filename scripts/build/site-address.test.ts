import { expect, it } from 'vitest';
import { siteAddress, sitemap } from './site-address.ts';

it('an address is that of a folder, and nothing else is taken for one', () => {
  expect(siteAddress()).toBe('');
  expect(siteAddress('')).toBe('');
  for (const given of ['https://example.org/lora', 'https://example.org/lora/'])
    expect(siteAddress(given)).toBe('https://example.org/lora/');
  for (const wrong of [
    'example.org',
    'file:///tmp/',
    'https://example.org/?a',
    'https://a.org/#v=1',
    'https://a.org/"',
  ])
    expect(() => siteAddress(wrong), wrong).toThrow('SITE_ADDRESS');
});

it('a sitemap names each page by its whole address', () => {
  const map = sitemap('https://a.org/x&y/', ['', 'clinic/nan.html']);
  expect([...map.matchAll(/<loc>(.*?)<\/loc>/g)].map(([, of]) => of)).toEqual([
    'https://a.org/x&amp;y/',
    'https://a.org/x&amp;y/clinic/nan.html',
  ]);
});
