// @vitest-environment happy-dom
import { afterEach, expect, it } from 'vitest';
import { isReturning, placesNote } from './places-note.ts';

afterEach(() => localStorage.clear());

it('is shown once, in the lab, to those who come back', async () => {
  localStorage.setItem('lora-explorer/opening', 'seen');
  expect(await isReturning()).toBe(true);
  // A lesson is no place for it: it waits.
  expect(placesNote(true, false)).toBeNull();
  expect(placesNote(true, true)).toMatchObject({ type: 'notice', notice: { about: 'places', tone: 'plain' } });
  expect(placesNote(true, true)).toBeNull();
});

it('is never shown to a new visitor, not even on the next visit', async () => {
  expect(await isReturning()).toBe(false);
  // The choice of charts is as new as the places.
  localStorage.setItem('lora-explorer/charts', 'shown');
  expect(await isReturning()).toBe(false);
  expect(placesNote(false, true)).toBeNull();
  localStorage.setItem('lora-explorer/opening', 'seen');
  expect(await isReturning()).toBe(true);
  expect(placesNote(true, true)).toBeNull();
});
