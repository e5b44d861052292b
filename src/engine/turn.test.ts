import { expect, it } from 'vitest';
import { turn } from './turn.ts';

it('gives way to what waits, and resolves in the order in which it was asked for', async () => {
  const order: string[] = [];
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = () => order.push('a message that came before');
  port2.postMessage(null);
  await Promise.all([turn().then(() => order.push('first')), turn().then(() => order.push('second'))]);
  port1.close();
  await turn().then(() => order.push('later'));
  expect(order).toEqual(['a message that came before', 'first', 'second', 'later']);
});
