import { expect, it } from 'vitest';
import { filmFormat } from './film-format.ts';

const nameWith = (...types: string[]) => {
  const { name, ending, type } = filmFormat((one) => types.some((known) => one.startsWith(known)));
  return [name, ending, type];
};

it('a film is WebM if the browser records it, else MP4, else a GIF', () => {
  expect(nameWith('video/webm', 'video/mp4')).toEqual(['WebM', 'webm', 'video/webm;codecs=vp9']);
  expect(nameWith('video/webm;codecs=vp8', 'video/mp4')).toEqual(['WebM', 'webm', 'video/webm;codecs=vp8']);
  expect(nameWith('video/mp4')).toEqual(['MP4', 'mp4', 'video/mp4;codecs=avc1.42E01F']);
  expect(filmFormat((type) => type === 'video/mp4')).toMatchObject({ name: 'MP4', type: 'video/mp4' });
  expect(nameWith()).toEqual(['GIF', 'gif', null]);
});
